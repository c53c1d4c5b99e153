export const STYLE = `
:root {
  color-scheme: light dark;
  --page: #eef1f6; --card: #ffffff; --text: #1b2230; --quiet: #5a6475; --line: #d9dfe8; --hover: #f2f6ff;
  --accent: #2456c9; --on-accent: #ffffff; --warn: #8a5a00; --warn-page: #fff3d6; --bad: #a4262c; --bad-page: #fdeced;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #10141c; --card: #1a202b; --text: #e8ecf3; --quiet: #a2adbe; --line: #303947; --hover: #222b3a;
    --accent: #8fb0ff; --on-accent: #0f1726; --warn: #ffd37a; --warn-page: #332a12; --bad: #ffb3b6; --bad-page: #3a1d20;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; min-height: 100vh; display: flex; flex-direction: column; background: var(--page); color: var(--text);
  font: 16px/1.5 system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
}
.banner {
  padding: 8px 16px; text-align: center; font-size: 14px; font-weight: 600;
  text-wrap: balance; color: var(--warn); background: var(--warn-page); border-bottom: 1px solid var(--line);
}
main {
  width: min(100% - 32px, 46rem); margin: auto; padding: 32px; background: var(--card);
  border: 1px solid var(--line); border-radius: 12px; box-shadow: 0 8px 30px rgb(0 0 0 / 8%);
}
.wrap { flex: 1; display: flex; padding: 24px 0; }
main.narrow { width: min(100% - 32px, 28rem); }
.tenant { margin: 0 0 12px; display: flex; align-items: center; gap: 8px; font-weight: 600; color: var(--quiet); }
.tenant::before { content: ""; width: 18px; height: 18px; border-radius: 5px; background: var(--accent); }
h1 { margin: 0 0 8px; font-size: 24px; line-height: 1.25; }
h2 { margin: 20px 0 8px; font-size: 14px; font-weight: 600; color: var(--quiet); }
p { margin: 0 0 12px; text-wrap: pretty; }
.quiet { color: var(--quiet); }
.notice { padding: 10px 14px; border-radius: 8px; color: var(--bad); background: var(--bad-page); }
.caution { padding: 10px 14px; border-radius: 8px; color: var(--warn); background: var(--warn-page); }
details { margin: 12px 0 0; font-size: 14px; color: var(--quiet); }
summary { cursor: pointer; width: max-content; border-radius: 4px; }
details ul { margin: 8px 0 0; padding-left: 20px; overflow-wrap: anywhere; }
.people { display: grid; gap: 8px; margin: 0; padding: 0; list-style: none; grid-template-columns: repeat(2, minmax(0, 1fr)); }
.people.single { grid-template-columns: minmax(0, 1fr); }
button, input { font: inherit; color: inherit; }
.person {
  display: grid; grid-template-columns: 44px minmax(0, 1fr); gap: 0 12px; align-items: center; width: 100%; height: 100%;
  min-height: 64px; padding: 10px 12px; text-align: left; cursor: pointer;
  background: none; border: 1px solid var(--line); border-radius: 10px;
}
.person:hover { background: var(--hover); border-color: var(--accent); }
.person b { display: block; font-weight: 600; }
.person span { display: block; font-size: 13px; line-height: 1.4; color: var(--quiet); overflow-wrap: anywhere; }
.person span.about { color: var(--text); }
.avatar {
  width: 44px; height: 44px; border-radius: 50%; display: grid; place-content: center;
  font-size: 15px; font-style: normal; font-weight: 600; color: #ffffff;
}
.hue-0 { background: #2456c9; } .hue-1 { background: #7a3cb4; } .hue-2 { background: #0b7a75; }
.hue-3 { background: #b3472a; } .hue-4 { background: #4d6b12; } .hue-5 { background: #a62c6b; }
/* The first button is what Enter presses, and is shown last. */
.actions { display: flex; flex-flow: row-reverse wrap; gap: 12px; margin-top: 24px; }
.action {
  min-height: 44px; padding: 8px 20px; border-radius: 8px; font-weight: 600; cursor: pointer; text-decoration: none;
  background: none; border: 1px solid var(--line);
}
.action:hover { background: var(--hover); }
.action.primary { background: var(--accent); color: var(--on-accent); border-color: var(--accent); }
.action.primary:hover { filter: brightness(1.08); }
label { display: block; margin: 16px 0 6px; font-weight: 600; }
input[type="text"] {
  width: 100%; min-height: 48px; padding: 8px 14px; font-size: 20px; letter-spacing: 0.08em;
  background: var(--card); border: 1px solid var(--quiet); border-radius: 8px;
}
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.number { margin: 16px 0; font-size: 56px; font-weight: 700; line-height: 1; text-align: center; letter-spacing: 0.06em; }
.code { font-family: ui-monospace, Consolas, monospace; letter-spacing: 0.12em; font-weight: 600; }
iframe { display: none; }
@media (max-width: 640px) {
  main, main.narrow { width: 100%; margin: 0; padding: 24px 16px; border: 0; border-radius: 0; box-shadow: none; }
  .wrap { padding: 0; }
  .people { grid-template-columns: minmax(0, 1fr); }
  .actions { flex-flow: column; }
  .action { width: 100%; text-align: center; }
}
`;
