"""The page: its file, script and style, the calls of the script, and what is shown as HTML.

`page` puts the parts together; `gradio_server` imports gradio when it is used.
"""
