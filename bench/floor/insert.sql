insert into floor (id, value) values (gen_random_uuid(), 1);
