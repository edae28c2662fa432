"""A teacher: a language model behind an OpenAI-compatible server, asked one question at a time."""

from __future__ import annotations

import http.client
import json
import os
import urllib.error
import urllib.request
from dataclasses import dataclass

from pawformats.errors import PawError

from .diagnostics import printable

#: Seconds that an answer may take.
PATIENCE = 300
_HINT = "a teacher is an OpenAI-compatible server, as in: --teacher http://localhost:8080/v1"


@dataclass(frozen=True)
class Teacher:
    """`url` is what stands before /chat/completions. `model` is for servers of several."""

    url: str
    model: str | None = None

    def ask(self, question: str, seed: int, temperature: float) -> str:
        """The model's answer. Raises PawError `teacher-url`, `teacher-unreachable`, `teacher-refused` or
        `teacher-answer`."""
        asked = {
            "messages": [{"role": "user", "content": question}],
            "temperature": temperature,
            "seed": seed,
            **({"model": self.model} if self.model else {}),
        }
        try:
            answer = json.loads(self._post(json.dumps(asked).encode()))
            text = answer["choices"][0]["message"]["content"]
        except (ValueError, KeyError, IndexError, TypeError) as error:
            raise PawError("teacher-answer", f"{self.url} answers in another form", hint=_HINT) from error
        if not isinstance(text, str):
            raise PawError("teacher-answer", f"{self.url} answers without text", hint=_HINT)
        return text

    def _post(self, body: bytes) -> bytes:
        headers = {"Content-Type": "application/json"}
        key = os.environ.get("PAW_TEACHER_KEY")
        headers |= {"Authorization": f"Bearer {key}"} if key else {}
        if not self.url.startswith(("http://", "https://")):
            raise PawError("teacher-url", f"{self.url} is no URL of a server", hint=_HINT)
        address = self.url.rstrip("/") + "/chat/completions"
        try:
            request = urllib.request.Request(address, body, headers)
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
                found: bytes = answer.read()
                return found
        except urllib.error.HTTPError as error:
            reason = error.read(200).decode("utf-8", "replace").strip().replace("\n", " ")
            message = f"the teacher at {self.url} refuses with status {error.code}: {reason or error.reason}"
            hint = "its key is read from PAW_TEACHER_KEY" if error.code in (401, 403) else _HINT
            raise PawError("teacher-refused", message, hint=hint) from error
        except (OSError, ValueError, http.client.HTTPException) as error:
            # a URL of another form is a ValueError or an InvalidURL; what is no HTTP, an HTTPException
            reason = printable(str(getattr(error, "reason", error)) or type(error).__name__)
            raise PawError(
                "teacher-unreachable", f"no teacher at {self.url}: {reason}", hint=_HINT
            ) from error
