; What must hold before anything is changed.

!macro CheckFunctions UN

Function ${UN}CheckAdministrator
  ; With UAC switched off an ordinary user gets here despite the manifest.
  System::Call 'shell32::IsUserAnAdmin() i.r0'
  ${If} $0 = 0
    ; Not logged: the data folder that the log would make would be this user's.
    MessageBox MB_OK|MB_ICONSTOP "${TEXT_ADMINISTRATOR}" /SD IDOK
    SetErrorLevel ${EXIT_ADMINISTRATOR}
    Quit
  ${EndIf}
FunctionEnd

; One installer or uninstaller at a time on the machine. The mutex lives as long as this process.
Function ${UN}CheckAlone
  System::Call 'kernel32::CreateMutexW(p 0, i 0, w "Global\Integrador.Instalador") p.r0 ?e'
  Pop $1
  ${If} $1 = 183 ; ERROR_ALREADY_EXISTS
  ${OrIf} $0 P= 0 ; another user's, which we may not even open
    !insertmacro Refuse "${UN}" ${EXIT_ANOTHER} "${TEXT_ANOTHER}"
  ${EndIf}
FunctionEnd

!macroend
!insertmacro CheckFunctions ""
!insertmacro CheckFunctions "un."

; Python 3.11 and Tk 8.6 would do with 8.1; the WhatsApp library is built by Go, which since 1.21 wants Windows 10 or
; Server 2016. On a 32-bit Windows this program does not even start, and Windows itself says so.
Function CheckWindows
  ${IfNot} ${AtLeastWin10}
    !insertmacro Refuse "" ${EXIT_WINDOWS} "${TEXT_WINDOWS}"
  ${EndIf}
FunctionEnd

Function FindInstalled
  ReadRegStr $Installed HKLM "${UNINSTALL_KEY}" "DisplayVersion"
  ReadRegStr $0 HKLM "${UNINSTALL_KEY}" "InstallLocation"
  ${If} $0 == ""
    StrCpy $Installed ""
    Return
  ${EndIf}
  ${If} $INSTDIR != "$PROGRAMFILES64\${NAME}"
  ${AndIf} $INSTDIR != $0
    !insertmacro Refuse "" ${EXIT_SWITCH} "O Integrador já está instalado em $0.${LINE}${LINE}\
Para mudar de pasta, desinstale primeiro (os dados continuam) e instale na pasta nova."
  ${EndIf}
  StrCpy $INSTDIR $0
FunctionEnd

; Going back is told: the older program may not understand what the newer one wrote. A script must ask for it.
Function CheckVersions
  ${If} $Installed == ""
    Return
  ${EndIf}
  ${VersionCompare} "$Installed" "${VERSION}" $0
  ${If} $0 != 1
  ${OrIf} $AllowOlder == 1
    Return
  ${EndIf}
  StrCpy $1 "A versão instalada, $Installed, é mais nova do que esta, ${VERSION}."
  ${If} ${Silent}
    !insertmacro Refuse "" ${EXIT_OLDER} "$1 Para voltar a ela assim mesmo: /VERSAOANTERIOR=1."
  ${EndIf}
  MessageBox MB_YESNO|MB_ICONEXCLAMATION|MB_DEFBUTTON2 "$1 A mais antiga pode não entender os dados que a mais nova gravou.\
${LINE}${LINE}Trocar pela mais antiga?" IDYES +3
  SetErrorLevel ${EXIT_OLDER}
  Quit
FunctionEnd

Function CheckFolder
  Call FolderProblem
  Pop $0
  ${If} $0 != ""
    !insertmacro Refuse "" ${EXIT_SWITCH} "$0"
  ${EndIf}
FunctionEnd

; Pushes why the program cannot be in $INSTDIR, or nothing.
Function FolderProblem
  StrCpy $8 ""
  StrLen $0 "$INSTDIR"
  ${If} $0 < 4
    StrCpy $8 "${TEXT_ROOT}"
  ${EndIf}
  IntOp $0 $0 + ${LONGEST}
  IntOp $0 $0 + 19 ; "_integrador.velho" between two backslashes
  ${If} $0 > 259
    StrCpy $8 "${TEXT_LONG}"
  ${EndIf}
  StrCpy $0 "$INSTDIR" 3
  System::Call 'kernel32::GetDriveTypeW(w r0) i.r0'
  ${If} $0 <> 3 ; DRIVE_FIXED
    StrCpy $8 "${TEXT_DISK}"
  ${EndIf}
  ${If} $8 == ""
    Call LookForOthers
    ${If} $R2 != ""
      StrCpy $8 "${TEXT_NOT_OURS}"
    ${EndIf}
  ${EndIf}
  Push $8
FunctionEnd

; $R2 = an entry of $INSTDIR that is not ours, or empty. A program of the same names would be replaced, and what the shop
; keeps there would be erased with ours one day: a first installation goes where nothing is, or where our own list is.
Function LookForOthers
  StrCpy $R2 ""
  ${If} $Installed != ""
    Return
  ${EndIf}
  StrCpy $R0 "$INSTDIR\${LIST_NAME}"
  ${If} ${FileExists} "$R0"
  ${OrIf} ${FileExists} "${NEW}\*.*"
  ${OrIf} ${FileExists} "${OLD}\*.*"
    StrCpy $R0 "$INSTDIR"
    Call FindOwner
    ${If} $R1 == "" ; anybody can write a list
      Return
    ${EndIf}
  ${EndIf}
  FindFirst $0 $R2 "$INSTDIR\*"
  ${Do}
    ${If} $R2 != "."
    ${AndIf} $R2 != ".."
      ${Break}
    ${EndIf}
    FindNext $0 $R2
  ${Loop}
  FindClose $0
  ClearErrors
FunctionEnd

; Pushes why the disk is too full, or nothing. The new version is unpacked beside the old one, and the data grow.
Function CheckSpace
  ${GetRoot} "$INSTDIR" $0
  System::Call 'kernel32::GetDiskFreeSpaceExW(w "$0\", *l .r1, p 0, p 0) i.r2'
  StrCpy $3 ""
  ${If} $2 <> 0
    System::Int64Op $1 / 1048576
    Pop $1
    IntOp $2 ${SIZE_KB} / 1024
    IntOp $2 $2 + 200
    ${If} $1 L< $2
      StrCpy $3 "Falta espaço no disco $0: a instalação precisa de $2 MB livres, e há $1 MB.${LINE}${LINE}\
Libere espaço ou escolha uma pasta em outro disco."
    ${EndIf}
  ${EndIf}
  Push $3
FunctionEnd
