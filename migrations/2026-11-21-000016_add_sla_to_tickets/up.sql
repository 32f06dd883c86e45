alter table tickets
    -- What the clock remembers: the last round of question and answer, the pauses, and what was told.
    add column sla jsonb not null default '{}',
    -- When a warning or a breach is to be recorded next; absent where nothing is promised.
    add column sla_due_at timestamptz;
create index tickets_sla_due on tickets (sla_due_at) where sla_due_at is not null;

alter table activity add column sla_target text check (sla_target in ('first_response', 'next_response', 'resolution'));

alter table notifications
    drop constraint notifications_kind_check,
    add constraint notifications_kind_check check (kind in ('response', 'resolution_proposed', 'customer_comment', 'assigned', 'resolved', 'ticket_created', 'person_wanted', 'sla_warning', 'sla_breach')),
    add column sla_target text check (sla_target in ('first_response', 'next_response', 'resolution')),
    add constraint notifications_of_sla_check check ((sla_target is not null) = (kind in ('sla_warning', 'sla_breach')));

-- The last round, from the threads: the oldest comment of the creator's side that the team has not answered, or the
-- last that it has.
with said as (
    select c.ticket_id, c.id, c.created_at, c.author_kind = 'admin' and c.author_id <> t.creator_id as by_team
    from comments c join tickets t on t.id = c.ticket_id
    where not c.internal and c.author_kind <> 'ai' and t.first_reply_at is not null
), turns as (
    select ticket_id, created_at, by_team, count(*) filter (where by_team) over upto as turn,
        min(created_at) filter (where by_team) over (upto rows between 1 following and unbounded following) as answered_at
    from said
    window upto as (partition by ticket_id order by created_at, id)
), rounds as (
    select ticket_id, turn, min(created_at) as asked_at, min(answered_at) as answered_at
    from turns
    where not by_team and turn > 0
    group by ticket_id, turn
), last as (
    select distinct on (ticket_id) * from rounds order by ticket_id, turn desc
)
update tickets
set sla = jsonb_build_object('round', jsonb_strip_nulls(jsonb_build_object('asked_at', asked_at, 'answered_at', answered_at)))
from last where tickets.id = last.ticket_id;

-- The pauses that can be told from the activity: those that a proposal began, those that a date ended, and the present
-- one. Of the other stages that the team has set, it is not known which they were.
with steps as (
    select a.ticket_id, a.kind, a.at, lead(a.kind) over ticket as next_kind, lead(a.at) over ticket as next_at
    from activity a
    left join comments c on c.id = a.comment_id
    join tickets t on t.id = a.ticket_id
    where a.kind in ('ticket.staged', 'ticket.resumed', 'ticket.resolution_proposed', 'ticket.resolved')
        or a.kind = 'comment.created' and (c.author_kind = 'user' or c.author_id = t.creator_id)
    window ticket as (partition by a.ticket_id order by a.id)
), pauses as (
    select s.ticket_id, s.at, s.next_at, case
            when s.next_at is null then t.stage
            when s.next_kind = 'ticket.resumed' then 'on_hold'
            else 'waiting_customer'
        end as stage
    from steps s join tickets t on t.id = s.ticket_id
    where s.next_at is null and s.kind in ('ticket.staged', 'ticket.resolution_proposed') and t.stage in ('waiting_customer', 'on_hold')
        or s.next_at is not null and (s.kind = 'ticket.resolution_proposed' or s.kind = 'ticket.staged' and s.next_kind = 'ticket.resumed')
    union all
    -- Paused, and nothing says since when.
    select t.id, t.updated_at, null, t.stage from tickets t
    where t.stage in ('waiting_customer', 'on_hold') and not exists (
        select from steps s where s.ticket_id = t.id and s.next_at is null and s.kind in ('ticket.staged', 'ticket.resolution_proposed')
    )
), told as (
    select ticket_id, jsonb_agg(jsonb_strip_nulls(jsonb_build_object('stage', stage, 'from', at, 'to', next_at)) order by at) as pauses
    from pauses group by ticket_id
)
update tickets set sla = sla || jsonb_build_object('pauses', told.pauses) from told where tickets.id = told.ticket_id;
