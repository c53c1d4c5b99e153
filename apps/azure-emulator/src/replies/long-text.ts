const PARAGRAPHS = [
  (subject: string) =>
    `Whoever begins to write about ${subject} soon notices that the subject has no edges. Every attempt to say what belongs to it and what does not ends with an exception, and the exceptions are often the interesting part. So let us begin in the middle, with something small that anybody can see, and walk outwards from there until the ground becomes uncertain.`,
  (subject: string) =>
    `The first thing that one sees is habit. People who deal with ${subject} every day have ways of doing things that they would find hard to explain. They check one corner before another, they wait where a newcomer would hurry, and they hurry where a newcomer would wait. None of this is written down. It was learned by standing beside somebody who did it well, and by a number of mistakes that nobody mentions any more.`,
  () =>
    'The second thing is disagreement. Two experts given the same facts will order them differently, and each will be able to say why. This is not a weakness. A field in which everybody agrees has either been finished or been abandoned, and both are rare. It is more useful to ask what exactly the two would have to observe in order to agree, because that question has an answer, and the answer usually suggests an afternoon’s work.',
  (subject: string) =>
    `There is a history to it as well. What we now call ${subject} went by other names, was done with other tools, and served purposes that would surprise us. Some of the words have survived the things they once meant. A careful reader learns to listen for them, as one listens to an old house at night: most of the sounds mean nothing, but one or two tell where the beams are.`,
  () =>
    'Numbers help, up to a point. They are good at telling us that something has changed and poor at telling us what. A figure that nobody acts upon is a decoration; a figure that everybody acts upon will sooner or later be arranged. Between these two lies the small number of measurements that are worth taking – those which are cheap, which are hard to flatter, and which somebody is glad to have on a bad day.',
  (subject: string) =>
    `Consider, too, what happens when ${subject} goes wrong. It rarely does so in one loud moment. More often a small assumption stops being true, quietly, and everything built upon it goes on working a little less well each week, until somebody asks an innocent question in a meeting and the room goes silent. The remedy is not more care, of which there is usually enough, but earlier questions.`,
  () =>
    'This is why the dull practices matter. Keep a record while it is fresh. Let somebody else repeat what you did, from your notes alone, and watch where they hesitate. Change one thing at a time, even when two would be quicker. Say plainly what you do not know. None of this is difficult, and all of it is tedious, which is the reason that so few people do it and that those who do are thought to be lucky.',
  (subject: string) =>
    `And yet it would be wrong to end on duty. There is pleasure in ${subject}, and it is the pleasure that keeps people at it. There is the moment in which a muddle turns out to have a shape, and the other, rarer moment in which the shape turns out to be simple. One cannot order such moments. One can only be in the right place, with clean notes and an open afternoon, and be ready to notice.`,
];

/** About six hundred words, in chapters. */
export function longText(subject: string): string {
  const chapters = ['What can be seen', 'Where it comes from', 'When it goes wrong', 'What remains'];
  const text = PARAGRAPHS.map((paragraph) => paragraph(subject));
  const parts = chapters.map((chapter, index) =>
    [`## ${index + 1}. ${chapter}`, text[index * 2], text[index * 2 + 1]].join('\n\n'),
  );
  return [`# On ${subject}`, ...parts].join('\n\n');
}
