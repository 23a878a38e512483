/** Mail programs know no style sheets: every element carries its own style. */
const font = "font-family:-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";
const mono = 'font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace';
/** A name without a space must not make the page wider than the screen. */
const wrap = 'overflow-wrap:anywhere;word-break:break-word';

export const color = { ink: '#1c1c28', muted: '#667085', line: '#e4e7ec', tint: '#f5f4ff', accent: '#4f3ff0' } as const;

export const style = {
  page: `margin:0;padding:0;background-color:#f2f3f7;${font}`,
  brand: `${font};font-size:15px;font-weight:700;letter-spacing:.02em;color:${color.accent}`,
  heading: `margin:0 0 20px;${font};font-size:24px;line-height:1.25;font-weight:700;color:${color.ink};${wrap}`,
  paragraph: `margin:0 0 16px;${font};font-size:16px;line-height:1.55;color:${color.ink};${wrap}`,
  note: `margin:0 0 12px;${font};font-size:13px;line-height:1.5;color:${color.muted};${wrap}`,
  eventTitle: `margin:0 0 6px;${font};font-size:18px;line-height:1.35;font-weight:700;color:${color.ink};${wrap}`,
  label: `margin:0 0 2px;${font};font-size:13px;line-height:1.4;font-weight:700;color:${color.muted};text-transform:uppercase;letter-spacing:.04em`,
  before: `margin:0 0 2px;${font};font-size:15px;line-height:1.5;color:${color.muted};${wrap}`,
  now: `margin:0 0 16px;${font};font-size:16px;line-height:1.5;font-weight:700;color:${color.ink};${wrap}`,
  eventFact: `margin:0 0 2px;${font};font-size:14px;line-height:1.5;color:${color.muted};${wrap}`,
  cell: `padding:10px 0;border-bottom:1px solid ${color.line};${font};font-size:15px;line-height:1.4;color:${color.ink};${wrap}`,
  total: `padding:12px 0 0;${font};font-size:16px;font-weight:700;color:${color.ink}`,
  button: `display:inline-block;padding:13px 26px;${font};font-size:16px;font-weight:600;color:#ffffff;text-decoration:none`,
  code: `padding:14px 16px;${mono};font-size:14px;line-height:1.4;color:${color.ink};word-break:break-all`,
} as const;

/**
 * For mail programs that do know style sheets: dark, where the reader's screen is, and less air on a phone. Whatever has
 * a colour of its own has one of these classes as well.
 */
export const sheet = `
:root{color-scheme:light dark;supported-color-schemes:light dark}
@media (prefers-color-scheme:dark){
.page{background-color:#14141b!important}.card{background-color:#20202b!important}.tint{background-color:#2b2a3d!important}
.ink{color:#f2f2f7!important}.muted{color:#a9abbd!important}.line{border-color:#3a3a4a!important}.brand{color:#a99cff!important}
}
@media (max-width:480px){.air{padding:24px 20px 12px!important}.edge{padding:16px 8px!important}}
`;
