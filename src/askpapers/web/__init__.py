"""The page: its script and style, the calls of the script, and what is shown as HTML.

`page` puts the parts together; `work_queue` imports gradio when it is used.
"""
