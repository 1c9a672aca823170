"""What operations on accounts do, by the words that the contract has for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from mockserver.behaviours.context import Answer, Context
from mockserver.dialects.openmetadata import accounts, usertokens

DOORS: Mapping[str, Callable[[Context], Answer]] = {
    "login": accounts.login,
    "logout": accounts.logout,
    "refresh": accounts.refresh,
    "signup": accounts.signup,
    "changePassword": accounts.change_password,
    "randomPassword": accounts.random_password,
    "emailInUse": accounts.email_in_use,
    "emailVerified": accounts.email_verified,
    "generateToken": usertokens.generate,
    "revokeToken": usertokens.revoke,
    "currentToken": usertokens.current,
    "mechanism": usertokens.mechanism,
    "personalTokens": usertokens.personal,
    "createPersonalToken": usertokens.create_personal,
    "revokePersonalTokens": usertokens.revoke_personal,
}
