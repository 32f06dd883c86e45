drop table captcha_answers;
