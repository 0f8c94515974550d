; Whose a folder is that was there before us. Any user may make folders in %ProgramData% and in the root of a disk, and is
; then their owner, who can always let himself in again: what such a folder holds, a service must neither read nor start.

; $R1 = the owner of the folder $R0 as DOMAIN\name, empty when that is SYSTEM, the administrators, Windows itself or the
; administrator who installs.
Function FindOwner
  StrCpy $R1 "?"
  ; A file (1), its owner (1).
  System::Call 'advapi32::GetNamedSecurityInfoW(w R0, i 1, i 1, *p .r1, p 0, p 0, p 0, *p .r2) i.r0'
  ${If} $0 <> 0
    Return
  ${EndIf}
  System::Call 'advapi32::ConvertSidToStringSidW(p r1, *p .r3) i.r0'
  System::Call 'kernel32::lstrcpynW(w .r4, p r3, i ${NSIS_MAX_STRLEN})'
  System::Call 'kernel32::LocalFree(p r3)'
  ${If} $4 == "S-1-5-18"
  ${OrIf} $4 == "S-1-5-32-544"
  ${OrIf} $4 == "S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464" ; TrustedInstaller
    StrCpy $R1 ""
  ${Else}
    System::Call 'advapi32::LookupAccountSidW(p 0, p r1, w .r5, *i ${NSIS_MAX_STRLEN}, w .r6, *i ${NSIS_MAX_STRLEN}, *i) i.r0'
    StrCpy $R1 "$4"
    ${If} $0 <> 0
      StrCpy $R1 "$6\$5"
    ${EndIf}
    System::Call 'secur32::GetUserNameExW(i 2, w .r5, *i ${NSIS_MAX_STRLEN})' ; as DOMAIN\name
    ${If} $R1 == $5
      StrCpy $R1 ""
    ${EndIf}
  ${EndIf}
  System::Call 'kernel32::LocalFree(p r2)'
FunctionEnd

; Before the first line of the log, which would make the folder, and make it as open as %ProgramData% itself.
Function LookAtData
  StrCpy $DataOwner ""
  ReadRegStr $0 HKLM "${UNINSTALL_KEY}" "InstallLocation"
  ${If} $0 != ""
    Return ; an earlier installation has seen to it
  ${EndIf}
  System::Call 'kernel32::GetFileAttributesW(w "${DATA}") i.r0'
  ${If} $0 = -1 ; INVALID_FILE_ATTRIBUTES
    Call MakeData
    Return
  ${EndIf}
  IntOp $0 $0 & 0x400 ; FILE_ATTRIBUTE_REPARSE_POINT
  ${If} $0 <> 0
    MessageBox MB_OK|MB_ICONSTOP "${TEXT_DATA_LINK}" /SD IDOK
    SetErrorLevel ${EXIT_SWITCH}
    Quit
  ${EndIf}
  StrCpy $R0 "${DATA}"
  Call FindOwner
  StrCpy $DataOwner "$R1"
FunctionEnd

; Makes the data folder for SYSTEM and the administrators alone, from its first moment on.
Function MakeData
  System::Call 'advapi32::ConvertStringSecurityDescriptorToSecurityDescriptorW(\
w "O:BAG:BAD:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)", i 1, *p .r1, p 0) i.r0'
  ${If} $0 <> 0
    System::Call '*(i 24, i 0, p r1, i 0, i 0) p.r2' ; SECURITY_ATTRIBUTES
    System::Call 'kernel32::CreateDirectoryW(w "${DATA}", p r2)'
    System::Free $2
    System::Call 'kernel32::LocalFree(p r1)'
  ${EndIf}
FunctionEnd
