-- When a task is deleted, the foreign key asks for its children: without an index, of every task that is left.
create index tasks_by_parent on tasks (tenant_id, parent_id) where parent_id is not null;
-- And when a project is: here the tasks that were deleted before it stay in the way until a vacuum. The same index lists
-- one project's tasks in their order.
create index tasks_by_project on tasks (tenant_id, project_id, path, line, place, id) where project_id is not null;
