// Reads Vitest's JSON report.

/**
 * How many tests of a run ended which way.
 * @typedef {{ passed: number, failed: number, skipped: number }} Counts
 */

/**
 * Counts a report's tests. A file that failed before any of its tests could run (a syntax error, a
 * throwing import) holds no failed test, but must not read as "0 failed": it counts as one.
 * @param {{ testResults: { status: string, assertionResults: { status: string }[] }[] }} report
 * @returns {Counts}
 */
export function countTests(report) {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const file of report.testResults) {
    let failed = 0;
    for (const { status } of file.assertionResults) {
      if (status === 'passed') counts.passed += 1;
      else if (status === 'failed') failed += 1;
      else counts.skipped += 1;
    }
    counts.failed += file.status === 'failed' && failed === 0 ? 1 : failed;
  }
  return counts;
}

/**
 * The line that closes a test run, read by people and by CI.
 * @param {Counts} counts
 * @returns {string} `N passed, N failed`, and `, N skipped` if any were
 */
export function countsLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
