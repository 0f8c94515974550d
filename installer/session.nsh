; Who sits in front of this computer. The installer may run as somebody else: an administrator who typed a password over
; a cashier's shoulder, or SYSTEM when a domain deploys it.

; $Person = DOMAIN\name of the session that this process is in, else of the one at the console; empty when there is none.
Function FindPerson
  ${If} $Person != ""
    Return ; /USUARIO= said it
  ${EndIf}
  StrCpy $0 -1 ; WTS_CURRENT_SESSION
  Call AskSession
  ${If} $Person == ""
    System::Call 'kernel32::WTSGetActiveConsoleSessionId() i.r0'
    Call AskSession
  ${EndIf}
FunctionEnd

Function AskSession
  StrCpy $1 5 ; WTSUserName
  Call AskSessionText
  StrCpy $4 "$3"
  StrCpy $1 7 ; WTSDomainName
  Call AskSessionText
  ${If} $4 != ""
    StrCpy $Person "$4"
    ${If} $3 != ""
      StrCpy $Person "$3\$4"
    ${EndIf}
  ${EndIf}
FunctionEnd

; $3 = what Windows tells of kind $1 about session $0.
Function AskSessionText
  StrCpy $3 ""
  System::Call 'wtsapi32::WTSQuerySessionInformationW(p 0, i r0, i r1, *p .r2, *i) i.r5'
  ${If} $5 <> 0
    System::Call 'kernel32::lstrcpynW(w .r3, p r2, i ${NSIS_MAX_STRLEN})'
    System::Call 'wtsapi32::WTSFreeMemory(p r2)'
  ${EndIf}
FunctionEnd

; Opens the program as the person whose desktop this is, without our elevation: with the token of that desktop's shell.
; Run by an elevated installer it would be elevated too, and as the wrong person when another typed the password.
Function OpenProgram
  System::Store S
  StrCpy $R0 "$INSTDIR\${PROGRAM}"
  StrCpy $R1 '"$R0"'
  StrCpy $4 0
  System::Call 'user32::GetShellWindow() p.r0'
  ${If} $0 P= 0 ; a shell that does not tell itself to be one; the taskbar is its, too
    System::Call 'user32::FindWindowW(w "Shell_TrayWnd", p 0) p.r0'
  ${EndIf}
  ${If} $0 P<> 0
    System::Call 'user32::GetWindowThreadProcessId(p r0, *i .r1)'
    System::Call 'kernel32::OpenProcess(i 0x400, i 0, i r1) p.r2' ; PROCESS_QUERY_INFORMATION
    System::Call 'advapi32::OpenProcessToken(p r2, i 0x2, *p .r3)' ; TOKEN_DUPLICATE
    ; A primary token (1) at impersonation level (2), with the rights that CreateProcessWithTokenW wants.
    System::Call 'advapi32::DuplicateTokenEx(p r3, i 0x18B, p 0, i 2, i 1, *p .r5)'
    System::Call 'userenv::CreateEnvironmentBlock(*p .r6, p r5, i 0)'
    System::Alloc 104 ; STARTUPINFOW, zeroed
    Pop $7
    System::Call '*$7(i 104)'
    System::Alloc 24 ; PROCESS_INFORMATION
    Pop $8
    ; 0x400: the environment is Unicode.
    System::Call 'advapi32::CreateProcessWithTokenW(p r5, i 0, w R0, w R1, i 0x400, p r6, w "$INSTDIR", p r7, p r8) i.r4'
    ${If} $4 <> 0
      System::Call '*$8(p .r0, p .r1)'
      System::Call 'kernel32::CloseHandle(p r0)'
      System::Call 'kernel32::CloseHandle(p r1)'
    ${EndIf}
    System::Free $7
    System::Free $8
    System::Call 'userenv::DestroyEnvironmentBlock(p r6)'
    System::Call 'kernel32::CloseHandle(p r5)'
    System::Call 'kernel32::CloseHandle(p r3)'
    System::Call 'kernel32::CloseHandle(p r2)'
  ${EndIf}
  ${If} $4 = 0
    Call OpenAtConsole
  ${EndIf}
  ${If} $4 = 0
    !insertmacro Log "" "O programa não foi aberto: não há área de trabalho. Abra-o pelo menu Iniciar."
  ${Else}
    !insertmacro Log "" "O programa foi aberto."
    StrCpy $Opened 1
  ${EndIf}
  System::Store L
FunctionEnd

; A tool that installs as SYSTEM does it in session 0, which has no desktop: the person's is another session. Only SYSTEM is
; given that person's token. Takes $R0 and $R1 from OpenProgram; $4 = 0 when it could not.
Function OpenAtConsole
  System::Call 'kernel32::WTSGetActiveConsoleSessionId() i.r0'
  System::Call 'wtsapi32::WTSQueryUserToken(i r0, *p .r3) i.r1'
  ${If} $1 = 0
    Return
  ${EndIf}
  System::Call 'userenv::CreateEnvironmentBlock(*p .r6, p r3, i 0)'
  System::Call '*(&w16 "winsta0\default") p.r9'
  System::Call '*(i 104, i 0, p 0, p r9, &i80 0) p.r7' ; STARTUPINFOW
  System::Alloc 24 ; PROCESS_INFORMATION
  Pop $8
  System::Call 'advapi32::CreateProcessAsUserW(p r3, w R0, w R1, p 0, p 0, i 0, i 0x400, p r6, w "$INSTDIR", p r7, p r8) i.r4'
  ${If} $4 <> 0
    System::Call '*$8(p .r0, p .r1)'
    System::Call 'kernel32::CloseHandle(p r0)'
    System::Call 'kernel32::CloseHandle(p r1)'
  ${EndIf}
  System::Free $7
  System::Free $8
  System::Free $9
  System::Call 'userenv::DestroyEnvironmentBlock(p r6)'
  System::Call 'kernel32::CloseHandle(p r3)'
FunctionEnd
