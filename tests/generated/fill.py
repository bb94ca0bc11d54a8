"""Templates of source text: a line that is @name is replaced by the lines of that hook, at its own
indentation; a hook without lines takes its line away. {name} within a line is replaced by a value.
"""
import re

HOOK = re.compile(r"^(\s*)@(\w+)$")


def fill(template, hooks=None, **values):
    """The text of a template; hooks are texts too, which may have hooks of their own."""
    hooks = hooks or {}
    lines = []
    for line in template.strip("\n").split("\n"):
        found = HOOK.match(line)
        if found is None:
            lines.append(line)
            continue
        inner = fill(hooks[found[2]], hooks) if hooks[found[2]].strip("\n") else ""
        lines += [found[1] + one if one else "" for one in inner.split("\n") if inner]
    text = "\n".join(lines)
    for name, value in values.items():
        text = text.replace("{" + name + "}", str(value))
    return text


def join(*parts):
    """Texts one after the other, without those that are empty."""
    return "\n".join(part.strip("\n") for part in parts if part and part.strip("\n"))


BLOCK = re.compile(r"(async )?(def|class) ")


def spaced(text):
    """Python with two empty lines around what is defined."""
    lines, inside = [], False
    for line in re.sub(r"\n{2,}", "\n\n", text).split("\n"):
        top = bool(line) and not line.startswith((" ", "@", "#", ")"))
        if top and (BLOCK.match(line) or inside) and lines:
            while lines and not lines[-1]:
                lines.pop()
            lines += ["", ""]
        if top:
            inside = bool(BLOCK.match(line))
        lines.append(line)
    return "\n".join(lines)
