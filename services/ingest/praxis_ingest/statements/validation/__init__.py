"""What the types of ``model`` cannot say: xAPI's rules on values and on members that go together, one module a topic.

Each check takes a decoded part, the JSON Pointer to it, and the ``Inspection`` that collects what is wrong.
"""
