; Takes away what arquivos.txt names and what registry.nsh made. The data stay, unless somebody asks for them to go.

Var Erase
Var EraseBox

Function un.onInit
  SetShellVarContext all
  Call un.CheckAdministrator
  Call un.CheckAlone
  ${GetParameters} $0
  ClearErrors
  ${GetOptions} "$0" "/APAGARDADOS=" $Erase
  ${If} ${Errors}
    StrCpy $Erase 0
  ${EndIf}
  ${If} $Erase != "0"
  ${AndIf} $Erase != "1"
    !insertmacro Refuse "un." ${EXIT_SWITCH} "Opção não aceita: /APAGARDADOS=$Erase. O valor é 1 (sim) ou 0 (não)."
  ${EndIf}
  ${IfNot} ${FileExists} "$INSTDIR\${LIST_NAME}"
    !insertmacro Refuse "un." ${EXIT_FILES} "${TEXT_NO_LIST}"
  ${EndIf}
FunctionEnd

Function un.ShowConfirmation
  !insertmacro MUI_HEADER_TEXT "Desinstalar o Integrador" "O programa sai deste computador."
  nsDialogs::Create 1018
  Pop $0
  ${If} $0 == error
    Abort
  ${EndIf}
  GetDlgItem $0 $HWNDPARENT 1
  SendMessage $0 ${WM_SETTEXT} 0 "STR:&Desinstalar"
  ${NSD_CreateLabel} 0 0 100% 36u "As mensagens que estão na fila do ERP deixam de ser enviadas por este computador. A configuração e o \
histórico ficam guardados, para o caso de você instalar de novo."
  Pop $0
  ${NSD_CreateCheckbox} 0 42u 100% 12u "${TEXT_ERASE}"
  Pop $EraseBox
  ${NSD_SetState} $EraseBox $Erase
  ${NSD_CreateLabel} 12u 56u -12u 36u "Configuração, histórico de envios, sessão do WhatsApp e registro. Os celulares conectados são desconectados \
antes. O que foi apagado não volta."
  Pop $0
  nsDialogs::Show
FunctionEnd

Function un.LeaveConfirmation
  ${NSD_GetState} $EraseBox $Erase
FunctionEnd

Section Uninstall
  !insertmacro Log "un." "Desinstalação da versão ${VERSION} em $INSTDIR (apagar os dados: $Erase)."
  Call un.AskService
  ${If} $Erase == 1
    ; While the program can still be asked; a phone that does not answer is disconnected by hand, and does not keep us.
    DetailPrint "Desconectando os celulares..."
    nsExec::Exec /TIMEOUT=${QUIT_S}000 '"$INSTDIR\${CONSOLE}" gateway disconnect --all'
    Pop $0
    !insertmacro Log "un." "Celulares desconectados: $0."
  ${EndIf}
  Call un.FreeFiles
  Pop $0
  ${If} $0 != ""
    Call un.StartService
    ${If} $Erase == 1
      !insertmacro Refuse "un." ${EXIT_IN_USE} "${TEXT_IN_USE_PHONES}"
    ${EndIf}
    !insertmacro Refuse "un." ${EXIT_IN_USE} "${TEXT_IN_USE}"
  ${EndIf}
  ${If} $WasService != 0
    nsExec::Exec /TIMEOUT=${QUIT_S}000 '"$INSTDIR\${CONSOLE}" service remove'
    Pop $0
    !insertmacro Log "un." "Serviço removido: $0."
    ${If} $0 != "0"
      ; A task of SYSTEM must not outlive the file that it starts: anybody may put another one where that was.
      nsExec::Exec /TIMEOUT=${QUIT_S}000 '"$SYSDIR\schtasks.exe" /delete /tn "${NAME}" /f'
      Pop $0
      !insertmacro Log "un." "Tarefa do Windows removida: $0."
    ${EndIf}
  ${EndIf}
  Call un.RemoveFiles
  Call un.Unregister
  !insertmacro Log "un." "Desinstalação terminada."
  ${If} $Erase == 1
    ; RMDir /r would follow a junction that somebody put there, and erase what it leads to; this takes the junction away.
    nsExec::Exec /TIMEOUT=${QUIT_S}000 '"$SYSDIR\cmd.exe" /d /c rmdir /s /q "${DATA}"'
    Pop $0
  ${EndIf}
  SetErrorLevel ${EXIT_OK}
SectionEnd

Function un.RemoveFiles
  SetOutPath "$TEMP"
  ; The list is one of the files that go.
  InitPluginsDir
  CopyFiles /SILENT "$INSTDIR\${LIST_NAME}" "$PLUGINSDIR\list.txt"
  StrCpy $R0 "$PLUGINSDIR\list.txt"
  GetFunctionAddress $R1 un.RemoveOne
  Call un.EachListed
  RMDir /r "${NEW}"
  RMDir /r "${OLD}"
  RMDir /r "${GONE}"
  RMDir "$INSTDIR" ; stays when somebody keeps files of their own there
  ${If} ${FileExists} "$INSTDIR\*.*"
    ; By its list a later installation knows the folder for its own.
    CopyFiles /SILENT "$PLUGINSDIR\list.txt" "$INSTDIR\${LIST_NAME}"
    !insertmacro Log "un." "A pasta do programa ficou, com o que não pôde ou não devia ser apagado: $INSTDIR."
  ${EndIf}
FunctionEnd

; A callback of EachListed. A folder goes only if it is empty.
Function un.RemoveOne
  StrCpy $0 "$R2" 1 -1
  ${If} $0 == "\"
    RMDir "$INSTDIR\$R2"
  ${Else}
    Delete "$INSTDIR\$R2"
  ${EndIf}
FunctionEnd

Function un.Unregister
  Delete "$SMPROGRAMS\${NAME}\${NAME}.lnk"
  Delete "$SMPROGRAMS\${NAME}\Desinstalar.lnk"
  RMDir "$SMPROGRAMS\${NAME}"
  DeleteRegValue HKLM "${RUN_KEY}" "${NAME}"
  DeleteRegKey HKLM "${UNINSTALL_KEY}"
  ; What the program keeps for the person who uninstalls; what others have starts nothing any more.
  DeleteRegValue HKCU "${RUN_KEY}" "${NAME}"
  DeleteRegKey HKCU "Software\${NAME}"
FunctionEnd
