# Puts the files of the report's page into the program as they are, as
# models/shipped/shipped.S does with the network. CMake tells where they lie.
    .macro embed name, file
    .global digitorch_page_\name\()_begin
    .global digitorch_page_\name\()_end
digitorch_page_\name\()_begin:
    .incbin "\file"
digitorch_page_\name\()_end:
    .byte 0
    .endm

    .section .rodata
    embed html, "report.html"
    embed lesson, "lesson.html"
    embed css, "report.css"
    embed js, "report.js"
    .section .note.GNU-stack, "", %progbits
