"""What Slack's error codes mean for a message (docs.slack.dev, `chat.postMessage`, "Errors")."""

from __future__ import annotations

from alerts.delivery import ANSWER_LOST
from alerts.plain import line, shorten
from facts.errors import DeliveryError, DeliveryLater, DeliveryRefused

#: Codes that pass by themselves. Of those marked True Slack says that part of the call may have succeeded.
LATER = {
    "ratelimited": False,
    "rate_limited": False,
    "message_limit_exceeded": False,
    "service_unavailable": False,
    "team_added_to_org": False,
    "request_timeout": True,
    "internal_error": True,
    "fatal_error": True,
}

#: Codes that stay until a person acts, with what to do.
REFUSED = {
    "channel_not_found": "no such channel for this token; correct `channel`, or invite the bot if it is private",
    "not_in_channel": "invite the bot: type /invite @its-name in the channel",
    "is_archived": "the channel is archived; unarchive it or name another",
    "invalid_auth": "Slack does not know the token; set the one shown under OAuth & Permissions",
    "not_authed": "no token arrived; set the environment variable that `token` names",
    "account_inactive": "the token belongs to a removed app or person; install the app again",
    "token_revoked": "the token was revoked; install the app again and set the new token",
    "token_expired": "the token expired; install the app again and set the new token",
    "missing_scope": "the app lacks the scope chat:write; add it under OAuth & Permissions and install it again",
    "no_permission": "the workspace forbids this app to post there; ask its administrator",
    "restricted_action": "an administrator restricted posting in this channel; ask to exempt the app",
    "restricted_action_read_only_channel": "the channel is read-only; ask an administrator to exempt the app",
    "access_denied": "the workspace denies access to this token; ask its administrator",
    "org_login_required": "the workspace is moving to an organisation; send again once it has",
    "ekm_access_denied": "an administrator suspended posting (key management); ask them",
    "msg_too_long": "the message is over Slack's length; report it as a bug",
    "msg_blocks_too_long": "the blocks are over Slack's length; report it as a bug",
    "invalid_blocks": "Slack cannot read the blocks; report it as a bug",
    "invalid_blocks_format": "Slack cannot read the blocks; report it as a bug",
    "no_text": "the message holds no text; report it as a bug",
    "metadata_too_large": "the metadata is over Slack's length; report it as a bug",
    "invalid_arguments": "Slack does not take these arguments; report it as a bug",
}


def verdict(channel: str, code: str) -> DeliveryError:
    """Return what an `ok: false` means: later, or never until a person acts; a code not known here is shown to one."""
    said = shorten(line(code), 100) or "no code"
    if code in LATER:
        note = f"; {ANSWER_LOST} to whether it was posted" if LATER[code] else ""
        return DeliveryLater(f"Slack says {said}{note}", channel=channel, in_doubt=LATER[code])
    advice = REFUSED.get(code, "look the code up in Slack's documentation of chat.postMessage")
    return DeliveryRefused(f"Slack says {said}: {advice}", channel=channel)
