/** What AWS allows (EBS endpoints and quotas). */
export const COPIES_MAX = 20;
export const PENDING_MAX = 100;
export const PENDING_PER_VOLUME_MAX = 5;
