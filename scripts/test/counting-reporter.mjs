/** Tells the process that started Jest how many tests there were, at the end. */
export default class CountingReporter {
  onRunComplete(_, { numPassedTests, numFailedTests, numRuntimeErrorTestSuites, numPendingTests }) {
    process.send({ numPassedTests, numFailedTests, numRuntimeErrorTestSuites, numPendingTests });
  }
}
