/** Tells the process that started Jest what became of each run, as soon as it is known. */
export default class Reporter {
  onTestFileResult({ context }, { testResults, testExecError, failureMessage }) {
    const tests = testResults.map(({ fullName, status }) => ({ name: fullName, passed: status === 'passed' }));
    const broken = tests.length === 0 ? (testExecError?.message ?? failureMessage ?? 'there is no test') : null;
    process.send({ name: context.config.displayName.name, tests, broken });
  }
}
