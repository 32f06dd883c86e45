-- Until now everybody's preferences named a key, whether they had chosen it or not. The one that all began with is
-- taken for no choice: whoever has it sends as the desk does.
update people set preferences = preferences - 'send_key' where preferences ->> 'send_key' = 'mod_enter';
