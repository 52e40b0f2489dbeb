# What `cmake --install` puts where, in four components: program, library,
# development and libtorch. Nothing in it names a folder of the build, so that the
# whole can be moved.
include(CMakePackageConfigHelpers)

# LibTorch's CPU libraries are installed beside ours. Those for CUDA are several
# gigabytes, so there what is installed uses the LibTorch that it was built with.
if(TARGET torch_cuda)
  set(libtorch_is_installed OFF)
else()
  set(libtorch_is_installed ON)
endif()
option(DIGITORCH_INSTALL_LIBTORCH
       "Install LibTorch's libraries, instead of naming their folder"
       ${libtorch_is_installed})
get_filename_component(libtorch_folder "${TORCH_INSTALL_PREFIX}/lib" REALPATH)
set(private_folder ${CMAKE_INSTALL_LIBDIR}/digitorch)
set(core_rpath "$ORIGIN")
set(library_rpath "$ORIGIN/digitorch")
if(NOT DIGITORCH_INSTALL_LIBTORCH)
  set(core_rpath ${libtorch_folder})
  set(library_rpath ${libtorch_folder})
endif()
set_target_properties(digitorch PROPERTIES INSTALL_RPATH "")
set_target_properties(digitorch_core PROPERTIES INSTALL_RPATH "${core_rpath}")
set_target_properties(digitorch_reader PROPERTIES
  INSTALL_RPATH "${library_rpath}")

install(TARGETS digitorch COMPONENT program)
install(TARGETS digitorch_core
        RUNTIME_DEPENDENCY_SET libraries
        LIBRARY DESTINATION ${private_folder} COMPONENT program)
install(TARGETS digitorch_reader
        EXPORT digitorch
        RUNTIME_DEPENDENCY_SET libraries
        LIBRARY COMPONENT library NAMELINK_COMPONENT development)
if(DIGITORCH_INSTALL_LIBTORCH)
  # Of all that the two load, what lies in LibTorch's folder.
  install(RUNTIME_DEPENDENCY_SET libraries
          PRE_EXCLUDE_REGEXES "^libopencv_"
          POST_INCLUDE_REGEXES "^${libtorch_folder}/"
          POST_EXCLUDE_REGEXES "."
          LIBRARY DESTINATION ${private_folder} COMPONENT libtorch)
  file(GLOB licences "${TORCH_INSTALL_PREFIX}/../torch-*.dist-info/licenses/")
  if(licences)
    install(DIRECTORY ${licences}/ COMPONENT libtorch
            DESTINATION ${CMAKE_INSTALL_DATAROOTDIR}/doc/digitorch-libtorch)
  endif()
endif()

install(DIRECTORY app/library/include/
        DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT development)
set(config_folder ${CMAKE_INSTALL_LIBDIR}/cmake/digitorch)
install(EXPORT digitorch
        FILE digitorchTargets.cmake
        NAMESPACE digitorch::
        DESTINATION ${config_folder}
        COMPONENT development)
configure_package_config_file(scripts/install/digitorchConfig.cmake.in
                              digitorchConfig.cmake
                              INSTALL_DESTINATION ${config_folder})
write_basic_package_version_file(digitorchConfigVersion.cmake
                                 COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/digitorchConfig.cmake
              ${CMAKE_CURRENT_BINARY_DIR}/digitorchConfigVersion.cmake
        DESTINATION ${config_folder} COMPONENT development)
file(RELATIVE_PATH prefix_from_pkgconfig /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
configure_file(scripts/install/digitorch.pc.in digitorch.pc @ONLY)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/digitorch.pc
        DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT development)

# Debian asks for the licence by this name in each package.
foreach(pair program=digitorch library=libdigitorch0
             development=libdigitorch-dev)
  string(REGEX MATCH "^(.+)=(.+)$" matched ${pair})
  install(FILES LICENSE RENAME copyright
          DESTINATION ${CMAKE_INSTALL_DATAROOTDIR}/doc/${CMAKE_MATCH_2}
          COMPONENT ${CMAKE_MATCH_1})
endforeach()
# The program contains a font, whose licence goes with it.
find_file(DIGITORCH_FONT_LICENCE copyright
          PATHS /usr/share/doc/fonts-dejavu-core NO_DEFAULT_PATH)
if(DIGITORCH_FONT_LICENCE)
  install(FILES ${DIGITORCH_FONT_LICENCE} RENAME copyright.DejaVu
          DESTINATION ${CMAKE_INSTALL_DATAROOTDIR}/doc/digitorch
          COMPONENT program)
endif()

install(CODE "set(DIGITORCH_FILE \"$<TARGET_FILE:digitorch>\")
set(DIGITORCH_PRINTED_FOLDER \"${CMAKE_CURRENT_BINARY_DIR}/printed\")
set(DIGITORCH_DATA_FOLDER \"${CMAKE_INSTALL_DATAROOTDIR}\")
set(DIGITORCH_MANUAL_FOLDER \"${CMAKE_INSTALL_MANDIR}/man1\")"
        COMPONENT program)
install(SCRIPT scripts/install/install_printed_files.cmake COMPONENT program)
