import { createTestDatabase } from '/work/main/test/support/database.ts';
import pg from 'pg';
const d = await createTestDatabase();
const c = new pg.Client({ connectionString: d.url }); await c.connect();
const u = (await c.query(`INSERT INTO users (id, tenant_id, object_id, display_name, created_at, updated_at) VALUES (gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'x', now(), now()) RETURNING id`)).rows[0].id;
const conv = (await c.query(`INSERT INTO conversations VALUES (gen_random_uuid(), $1, 't', 'm', now(), now()) RETURNING id`, [u])).rows[0].id;

for (let i=0;i<6;i++){ const a=(await c.query(`INSERT INTO messages (id, conversation_id, role, content, status, created_at) VALUES (gen_random_uuid(), $1,'user','x','done',now()) RETURNING id`,[conv])).rows[0].id;
await c.query(`INSERT INTO messages (id, conversation_id, parent_id, role, content, status, created_at) VALUES (gen_random_uuid(), $1,$2,'user','x','done',now()) RETURNING id`,[conv,a]);}
const r = await c.query({ text: `EXPLAIN (ANALYZE, BUFFERS) WITH numbered AS (SELECT n, gen_random_uuid() AS id FROM generate_series(1, 10000) AS n)
       INSERT INTO messages (id, conversation_id, parent_id, role, content, status, created_at)
       SELECT id, '${conv}', lag(id) OVER (ORDER BY n), CASE n % 2 WHEN 1 THEN 'user' ELSE 'assistant' END,
         repeat('word ', 40), 'done', now()
       FROM numbered ORDER BY n` });
console.log(r.rows.map(x=>x['QUERY PLAN']).join('\n'));
await c.end(); await d.close(); process.exit(0)
