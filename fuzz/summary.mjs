/** What a person reads at the end. @param title names the run @returns { text, verdict }: the verdict is the exit code */
export function summaryOf({ campaign, wrong, notChecked }, title) {
  const { findings, seconds } = campaign;
  const found = findings.list;
  const answers = Object.entries(campaign.statuses).map(([status, count]) => `${status}: ${count}`);
  const all = Object.values(campaign.statuses).reduce((sum, count) => sum + count, 0);
  const pace = seconds > 0 ? ` in ${seconds.toFixed(0)} s, ${Math.round((all / seconds) * 60)} a minute` : '';
  const lines = [`\n${all} answers${pace}. ${answers.join(', ')}`];
  if (campaign.unreached.length > 0)
    lines.push('Asked and never done:', ...campaign.unreached.map((one) => `  ${one}`));
  for (const what of campaign.refusedScenes) lines.push(`A scene in the middle was refused: ${what.slice(0, 300)}`);
  for (const { operation, what, count, example } of found)
    lines.push(`\nWRONG  ${operation}: ${what} (${count} times)`, `  ${example.curl ?? ''}`, `  ${example.said ?? ''}`);
  for (const { path, what } of campaign.files) lines.push(`\nAgain: npm run fuzz -- --replay ${path}    # ${what}`);
  for (const what of wrong) lines.push(`WRONG  ${what}`);
  for (const what of notChecked) lines.push(`NOT CHECKED  ${what}`);
  const broken = found.length + wrong.length;
  lines.push(`\n${title}: ${broken === 0 ? 'nothing was found' : `${broken} things are wrong`}.`);
  return { text: lines.join('\n'), verdict: broken > 0 ? 1 : notChecked.length > 0 ? 2 : 0 };
}
