/** The names that block device mappings may give to data volumes (EC2 user guide, "Device names for volumes": `/dev/sd[f-p]`). */
export const DATA_DEVICES = [..."fghijklmnop"].map((letter) => `sd${letter}`);

/**
 * What an instance does at its first boot: a file system on each data volume, mounted at `/data/<device>`, with something in it
 * that is worth a backup. For Amazon Linux 2023, where on Nitro instances the volume is `/dev/nvme…` and udev adds the name of
 * the block device mapping as a link (EBS user guide, "Map Amazon EBS volumes to NVMe device names").
 */
export function userData(devices: readonly string[]): string {
  return `#!/bin/bash
set -euo pipefail
for device in ${devices.join(" ")}; do
  # Attached volumes appear a little after the boot.
  for _ in {1..60}; do [ -b "/dev/$device" ] && break; sleep 2; done
  # A volume that was made from a snapshot has its file system already.
  blkid "/dev/$device" || mkfs.xfs "/dev/$device"
  mkdir -p "/data/$device"
  grep -q " /data/$device " /etc/fstab ||
    echo "UUID=$(blkid -s UUID -o value "/dev/$device") /data/$device xfs defaults,nofail 0 2" >> /etc/fstab
  mountpoint -q "/data/$device" || mount "/data/$device"
  date -u +%FT%TZ >> "/data/$device/first-boots"
  [ -e "/data/$device/content" ] || head -c $((16 * 1024 * 1024)) /dev/urandom > "/data/$device/content"
done
`;
}
