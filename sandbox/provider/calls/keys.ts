/** The keys of a constant. The compiler says "string", because other objects may have more keys than their type. */
export const keysOf = <T extends object>(constant: T): (keyof T)[] => Object.keys(constant) as (keyof T)[];
