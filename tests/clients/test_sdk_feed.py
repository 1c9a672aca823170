"""Threads, posts, tasks and alerts by the real Python SDK."""

from __future__ import annotations

import pytest

from tests.clients.sandbox import both_profiles
from tests.clients.sdk.session import Session

pytestmark = pytest.mark.xdist_group("clients")
LINK = "'<#E::table::sample_data.ecommerce_db.shopify.fact_sale'"
MODELS = (
    "from metadata.generated.schema.api.feed.createThread import CreateThreadRequest, CreateTaskDetails",
    "from metadata.generated.schema.api.feed.createPost import CreatePostRequest",
    "from metadata.generated.schema.api.feed.resolveTask import ResolveTaskRequest",
    "from metadata.generated.schema.api.feed.closeTask import CloseTaskRequest",
    "from metadata.generated.schema.entity.feed.thread import ThreadTaskStatus, ThreadType, TaskType",
    "from metadata.generated.schema.type.entityReference import EntityReference",
    "ometa = client().ometa",
)


@pytest.fixture
def feed(admin_sdk: Session) -> Session:
    for line in MODELS:
        admin_sdk.run(line)
    return admin_sdk


def test_a_thread_is_begun_answered_and_listed(feed: Session) -> None:
    feed.run(f"thread = ometa.create_thread(CreateThreadRequest(message='Right?', about={LINK} + '>'))")
    feed.run("post = ometa.create_post(thread.id, CreatePostRequest(message='Yes.'))")
    assert feed.value("(post.message, post.from_)") == ["Yes.", "admin"]
    assert feed.value("[each.message for each in ometa.list_posts(thread.id).entities]") == ["Yes."]
    assert feed.value("ometa.get_thread(thread.id).postsCount") == 1
    feed.run(f"found = ometa.list_threads(entity_link={LINK} + '>')")
    assert feed.value("(found.total, [str(each.id.root) == str(thread.id.root) for each in found.entities])") == [
        1,
        [True],
    ]


@both_profiles
def test_a_task_is_set_found_resolved_and_closed(feed: Session) -> None:
    feed.run("assignee = EntityReference(id=Users.retrieve_by_name('admin').id, type='user')")
    feed.run("details = CreateTaskDetails(type=TaskType.RequestDescription, assignees=[assignee], suggestion='Sales.')")
    for end in ("::description>", ">"):
        about = f"{LINK} + '{end}'"
        feed.run(
            f"thread = ometa.create_thread(CreateThreadRequest(message='m', about={about}, "
            "type=ThreadType.Task, taskDetails=details))"
        )
    assert feed.value("[ometa.get_task_thread(number).task.id for number in (1, 2)]") == [1, 2]
    feed.run("done = ometa.resolve_feed_task(1, ResolveTaskRequest(newValue='Sold.'))")
    assert feed.value("(done.task.status.value, done.task.newValue)") == ["Closed", "Sold."]
    feed.run("shut = ometa.close_feed_task(2, CloseTaskRequest(comment='No.'))")
    assert feed.value("shut.task.closedBy") == "admin"
    feed.run("open = ometa.list_threads(thread_type=ThreadType.Task, task_status=ThreadTaskStatus.Open)")
    assert feed.value("open.total") == 0


@both_profiles
def test_an_alert_is_made_and_read(feed: Session) -> None:
    feed.run("from metadata.generated.schema.events.api.createEventSubscription import CreateEventSubscription")
    feed.run("from metadata.generated.schema.events.eventSubscription import AlertType, EventSubscription")
    destination = "{'category': 'External', 'type': 'Webhook', 'config': {'endpoint': 'http://localhost:9/x'}}"
    feed.run(
        "made = ometa.create_or_update(CreateEventSubscription(name='Sdk', alertType=AlertType.Notification, "
        f"resources=['table'], destinations=[{destination}]))"
    )
    assert feed.value("(made.filteringRules.resources, made.enabled, made.retries)") == [["table"], True, 3]
    feed.run("found = ometa.get_by_name(EventSubscription, 'Sdk')")
    assert feed.value("str(found.destinations[0].config.endpoint)") == "http://localhost:9/x"


@both_profiles
def test_an_announcement_is_made_found_edited_and_brought_back(feed: Session) -> None:
    feed.run("from metadata.ingestion.ometa.announcement_models import AnnouncementStatus, CreateAnnouncementRequest")
    window = "startTime=1000, endTime=4102444800000"
    feed.run(f"asked = CreateAnnouncementRequest(description='x', {window}, entityLink={LINK} + '>')")
    feed.run("made = ometa.create_announcement(asked)")
    feed.run("found = ometa.list_announcements(entity_link=asked.entityLink.root, status=AnnouncementStatus.Active)")
    assert feed.value("(made.status.value, found.total, found.entities[0].id == made.id)") == ["Active", 1, True]
    assert feed.value("ometa.get_announcement_by_name(made.fullyQualifiedName.root).id == made.id") is True
    feed.run("ometa.patch_announcement(made.id.root, [{'op': 'replace', 'path': '/endTime', 'value': 2000}])")
    assert feed.value("ometa.get_announcement(made.id.root).status.value") == "Expired"
    feed.run("ometa.delete_announcement(made.id.root)")
    assert feed.value("ometa.restore_announcement(made.id.root).deleted") is False


@both_profiles
def test_a_task_is_opened_listed_edited_and_decided_on(feed: Session) -> None:
    feed.run("from metadata.ingestion.ometa.task_models import *")
    about = f"about={LINK} + '>', payload={{'newDescription': 'Sold.'}}"
    feed.run(f"asked = CreateTaskRequest(category='MetadataUpdate', type='DescriptionUpdate', {about})")
    feed.run("made = ometa.create_task(asked)")
    assert feed.value("(made.taskId, made.status.value, made.createdBy.name)") == ["TASK-00001", "Open", "admin"]
    feed.run(
        "found = ometa.list_tasks(fields=['about'], status_group='open', about_entity=made.about.fullyQualifiedName)"
    )
    assert feed.value("(found.total, found.entities[0].about.id == made.about.id)") == [1, True]
    assert feed.value("ometa.get_task_by_task_id('TASK-00001').id == ometa.get_task(made.id.root).id") is True
    assert (
        feed.value('ometa.add_task_comment(made.id.root, \'{"message": "Yes."}\').comments[0].author.name') == "admin"
    )
    feed.run("ometa.patch_task(made.id.root, [{'op': 'replace', 'path': '/priority', 'value': 'High'}])")
    feed.run("ended = ometa.resolve_task(made.id.root, ResolveTaskRequest(resolutionType='Approved'))")
    assert feed.value("(ended.status.value, ended.resolution.resolvedBy.name)") == ["Approved", "admin"]
    feed.run("many = BulkTaskOperationRequest(taskIds=['TASK-00001'], operation='Reject')")
    assert "already in status" in feed.value("ometa.bulk_task_operation(many).results[0].error")
    feed.run("hint = {'suggestionType': 'Description', 'suggestedValue': 'Sold by day.'}")
    feed.run(
        f"asked = CreateTaskRequest(category='MetadataUpdate', type='Suggestion', about={LINK} + '>', payload=hint)"
    )
    assert feed.value("ometa.apply_suggestion(ometa.create_task(asked).id.root, 'fine').status.value") == "Approved"
    feed.run("asked = CreateTaskRequest(category='Custom', type='CustomTask')")
    assert feed.value("ometa.close_task(ometa.create_task(asked).id.root, 'no').resolution.comment") == "no"
