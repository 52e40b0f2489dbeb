# Puts the files of the server's page into the program as they are, as
# app/report/html/page.S does with the report's.
    .macro embed name, file
    .global digitorch_serve_\name\()_begin
    .global digitorch_serve_\name\()_end
digitorch_serve_\name\()_begin:
    .incbin "\file"
digitorch_serve_\name\()_end:
    .byte 0
    .endm

    .section .rodata
    embed html, "index.html"
    embed css, "style.css"
    embed js, "app.js"
    embed openapi, "openapi.json"
    .section .note.GNU-stack, "", %progbits
