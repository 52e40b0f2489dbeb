// Puts the font's two files into the program as they are. CMake finds them.
    .macro embed name, file
    .global digitorch_font_\name\()_begin
    .global digitorch_font_\name\()_end
digitorch_font_\name\()_begin:
    .incbin "\file"
digitorch_font_\name\()_end:
    .byte 0
    .endm

    .section .rodata
    embed regular, "DejaVuSans.ttf"
    embed bold, "DejaVuSans-Bold.ttf"
    .section .note.GNU-stack, "", %progbits
