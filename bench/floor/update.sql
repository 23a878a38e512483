\set row random(1, :rows)
update floor set value = value + 1 where id = ('00000000-0000-7000-8000-' || lpad(:row::text, 12, '0'))::uuid;
