; The installer of the Integrador. Compiled by `dev.py installer` (tools/installer.py), which gives the defines below.
;
; VERSION    0.1.0               VERSION_QUAD  0.1.0.0 (for the version resource)
; GLOB       the program's folder, as it came out of the build, with /* after it
; LIST       what is in it, one relative path per line: see files.nsh
; SIZE_KB    what it takes on the disk          LONGEST   characters of the longest path in it
; ICON, SIDE, HEADER   the pictures             OUT       the installer to write
; QUIT_S     how long a running program may take to end, in seconds
; TRIES      how often a file that is in use is tried, a quarter of a second each
;
; Order of an installation: everything that may refuse, refuses first (checks.nsh); a first one makes the data folder, which
; no other user may have put anything into (owners.nsh, data.nsh); the new version is unpacked beside the old one while that
; still works (files.nsh); the running program is asked to end (running.nsh); folders change places by renaming, and change
; back if one of them cannot. Only then come the configuration, the registry and the service.

Unicode true
Target amd64-unicode
ManifestSupportedOS Win10
ManifestDPIAware true
RequestExecutionLevel admin
SetCompressor /SOLID lzma
SetOverwrite on
AllowSkipFiles off
AllowRootDirInstall true ; for checks.nsh to refuse it aloud; NSIS would quietly take the default
CRCCheck on
ShowInstDetails nevershow
ShowUninstDetails nevershow

!define NAME "Integrador"
!define PUBLISHER "Integrador"
!define PROGRAM "Integrador.exe"
!define CONSOLE "integrator-cli.exe"
!define UNINSTALLER "Desinstalar.exe"
!define LIST_NAME "arquivos.txt"
; Of files.nsh.
!define NEW "$INSTDIR\_integrador.novo"
!define OLD "$INSTDIR\_integrador.velho"
!define GONE "$INSTDIR\_integrador.lixo"
!define DATA "$APPDATA\${NAME}"
!define UNINSTALL_KEY "Software\Microsoft\Windows\CurrentVersion\Uninstall\${NAME}"
!define RUN_KEY "Software\Microsoft\Windows\CurrentVersion\Run"

Name "${NAME}"
OutFile "${OUT}"
InstallDir "$PROGRAMFILES64\${NAME}"
BrandingText "${NAME} ${VERSION}"
VIProductVersion "${VERSION_QUAD}"
VIFileVersion "${VERSION_QUAD}"
VIAddVersionKey /LANG=1046 "ProductName" "${NAME}"
VIAddVersionKey /LANG=1046 "ProductVersion" "${VERSION}"
VIAddVersionKey /LANG=1046 "FileVersion" "${VERSION}"
VIAddVersionKey /LANG=1046 "FileDescription" "Instalador do ${NAME}"
VIAddVersionKey /LANG=1046 "CompanyName" "${PUBLISHER}"
VIAddVersionKey /LANG=1046 "LegalCopyright" "${PUBLISHER}"

!include MUI2.nsh
!include nsDialogs.nsh
!include LogicLib.nsh
!include WinVer.nsh
!include x64.nsh
!include FileFunc.nsh
!include TextFunc.nsh
!include WordFunc.nsh

; What was asked for, by the switches or on the page. Flags are "1" or "0".
Var Server
Var Port
Var Database
Var DatabaseUser
Var Person ; DOMAIN\name: whose the data folder is
Var WantService
Var WantAutostart
Var WantOpen
Var AllowOlder
; What was found.
Var Installed ; the version that is there, empty when none
Var WasRunning
Var WasService
Var Opened ; "1" once we have started the program
Var Ended ; "1" once the running program ended because we asked
Var DataOwner ; DOMAIN\name, when neither the system nor the administrators own the data folder that was there
Var Astray ; an entry of the program's folder that an exchange could not bring back to its place
Var Reservations ; what did not work but does not undo the installation, as sentences

!include texts.nsh
!include log.nsh
!include checks.nsh
!include switches.nsh
!include session.nsh
!include owners.nsh
!include running.nsh
!include files.nsh
!include data.nsh
!include registry.nsh
!include wizard.nsh
!include uninstall.nsh

Function .onInit
  SetShellVarContext all
  Call CheckAdministrator
  Call LookAtData
  Call CheckWindows
  Call CheckAlone
  Call ReadSwitches
  Call FindInstalled
  Call CheckVersions
  Call CheckFolder
  ${If} ${Silent}
    Call CheckSpace
    Pop $0
    ${If} $0 != ""
      !insertmacro Refuse "" ${EXIT_SPACE} "$0"
    ${EndIf}
  ${EndIf}
  Call DefaultChoices
FunctionEnd

Section
  Call PrepareData
  ${If} $R3 != ""
    !insertmacro Refuse "" ${EXIT_FILES} "${TEXT_DATA_IN_USE}"
  ${EndIf}
  !insertmacro Log "" "Instalação da versão ${VERSION} em $INSTDIR (antes: $Installed)."
  Call UndoBroken
  Call TakeStock
  Call Unpack
  Call FreeFiles
  Pop $0
  ${If} $0 != ""
    Call DropUnpacked
    Call StartAgain
    !insertmacro Refuse "" ${EXIT_IN_USE} "${TEXT_IN_USE}"
  ${EndIf}
  Call ChangePlaces
  Pop $0
  ${If} $0 != ""
    Call DropUnpacked
    ${If} $Astray != ""
      !insertmacro Refuse "" ${EXIT_FILES} "${TEXT_ASTRAY}"
    ${EndIf}
    Call StartAgain
    !insertmacro Refuse "" ${EXIT_FILES} "${TEXT_NOT_REPLACED}"
  ${EndIf}
  Call WriteConfiguration
  Call Register
  Call ArrangeService
  ${If} ${Silent} ; else a person chooses on the last page
  ${AndIf} $WantOpen == 1
    Call OpenProgram
    ${If} $WasRunning == 1
    ${AndIf} $WantService == 0
    ${AndIf} $Opened != 1
      !insertmacro Reserve "o Integrador estava aberto, foi encerrado e não pôde ser aberto de novo: até alguém o abrir, nada é enviado."
    ${EndIf}
  ${EndIf}
  ${If} $Reservations == ""
    !insertmacro Log "" "Instalação terminada."
    SetErrorLevel ${EXIT_OK}
  ${Else}
    !insertmacro Log "" "Instalação terminada, com ressalvas.$Reservations"
    MessageBox MB_OK|MB_ICONEXCLAMATION "${TEXT_RESERVATIONS}$Reservations" /SD IDOK
    SetErrorLevel ${EXIT_RESERVATIONS}
  ${EndIf}
SectionEnd

; Whatever stops the section by itself, a disk that fills up for one, comes here: the old version is still in its place.
Function .onInstFailed
  Call DropUnpacked
  !insertmacro Log "" "A instalação parou antes de mudar alguma coisa: não foi possível gravar os arquivos."
  SetErrorLevel ${EXIT_FILES}
FunctionEnd
