update people set preferences = preferences || '{"send_key": "mod_enter"}'
where preferences <> '{}' and not preferences ? 'send_key';
