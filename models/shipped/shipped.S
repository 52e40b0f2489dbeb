// Puts the bytes of SHIPPED_FILE, which CMake names, into the program as they
// are: the assembler does it at once, where a C++ array of megabytes takes the
// compiler minutes.
    .section .rodata
    .global digitorch_shipped_begin
    .global digitorch_shipped_end
    .balign 8
digitorch_shipped_begin:
    .incbin SHIPPED_FILE
digitorch_shipped_end:
    .byte 0
    .section .note.GNU-stack, "", %progbits
