/** How long something takes, whatever else this machine does meanwhile. */

/** The processor time that it takes, ms. */
export function processorMs(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
