; What a person clicks through: Bem-vindo, Opções, the installation itself, Pronto.

Var Welcome ; what the first page says
Var Farewell ; what the last one says
Var FolderField
Var AutostartBox
Var ServiceBox

!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!define MUI_WELCOMEFINISHPAGE_BITMAP "${SIDE}"
!define MUI_HEADERIMAGE
!define MUI_HEADERIMAGE_BITMAP "${HEADER}"
!define MUI_HEADERIMAGE_BITMAP_STRETCH AspectFitHeight
!define MUI_HEADERIMAGE_RIGHT
!define MUI_ABORTWARNING
!define MUI_ABORTWARNING_TEXT "Sair sem instalar o Integrador?"
!define MUI_CUSTOMFUNCTION_GUIINIT LookAround

!define MUI_WELCOMEPAGE_TITLE "${TEXT_WELCOME_TITLE}"
!define MUI_WELCOMEPAGE_TEXT "$Welcome"
!insertmacro MUI_PAGE_WELCOME
Page custom ShowOptions LeaveOptions
!insertmacro MUI_PAGE_INSTFILES
!define MUI_FINISHPAGE_TITLE "${TEXT_FINISH_TITLE}"
!define MUI_FINISHPAGE_TEXT "$Farewell"
!define MUI_PAGE_CUSTOMFUNCTION_PRE LookBack
!define MUI_FINISHPAGE_RUN
!define MUI_FINISHPAGE_RUN_TEXT "&Abrir o Integrador"
!define MUI_FINISHPAGE_RUN_FUNCTION OpenProgram
!define MUI_FINISHPAGE_NOREBOOTSUPPORT
!insertmacro MUI_PAGE_FINISH
UninstPage custom un.ShowConfirmation un.LeaveConfirmation
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "PortugueseBR"

Function LookAround
  StrCpy $Welcome "${TEXT_WELCOME_NEW}"
  ${If} $Installed != ""
    StrCpy $Welcome "${TEXT_WELCOME_OVER}"
  ${EndIf}
FunctionEnd

Function LookBack
  StrCpy $Farewell "${TEXT_FINISH}"
  ${IfNot} ${FileExists} "${DATA}\config.toml"
    StrCpy $Farewell "$Farewell${LINE}${LINE}${TEXT_FINISH_FIRST}"
  ${EndIf}
FunctionEnd

Function ShowOptions
  !insertmacro MUI_HEADER_TEXT "${TEXT_OPTIONS_TITLE}" "${TEXT_OPTIONS_SUBTITLE}"
  nsDialogs::Create 1018
  Pop $0
  ${If} $0 == error
    Abort
  ${EndIf}
  GetDlgItem $0 $HWNDPARENT 1
  SendMessage $0 ${WM_SETTEXT} 0 "STR:&Instalar"

  ${NSD_CreateCheckbox} 0 0 100% 12u "I&niciar com o Windows"
  Pop $AutostartBox
  ${NSD_SetState} $AutostartBox $WantAutostart
  ${NSD_CreateLabel} 12u 13u -12u 18u "O Integrador abre ao lado do relógio quando alguém entra no Windows."
  Pop $0
  ${NSD_CreateCheckbox} 0 36u 100% 12u "&Enviar mesmo sem ninguém com sessão aberta (serviço)"
  Pop $ServiceBox
  ${NSD_SetState} $ServiceBox $WantService
  ${NSD_CreateLabel} 12u 49u -12u 18u "Para servidores: o envio começa quando o computador liga, antes de alguém entrar."
  Pop $0

  ${NSD_CreateLabel} 0 78u 100% 10u "Pasta do programa:"
  Pop $0
  ${NSD_CreateDirRequest} 0 89u -64u 13u "$INSTDIR"
  Pop $FolderField
  ${NSD_CreateBrowseButton} -60u 89u 60u 13u "&Procurar..."
  Pop $1
  ${NSD_OnClick} $1 BrowseFolder
  ${If} $Installed != ""
    SendMessage $FolderField ${EM_SETREADONLY} 1 0
    EnableWindow $1 0
  ${EndIf}
  nsDialogs::Show
FunctionEnd

Function BrowseFolder
  Pop $0
  ${NSD_GetText} $FolderField $0
  nsDialogs::SelectFolderDialog "Em que pasta instalar o Integrador?" "$0"
  Pop $0
  ${If} $0 != error
    ; In a folder of other things the program takes one of its own.
    ${GetFileName} "$0" $1
    ${If} $1 != "${NAME}"
      StrCpy $1 "$0" 1 -1
      ${If} $1 == "\"
        StrCpy $0 "$0" -1
      ${EndIf}
      StrCpy $0 "$0\${NAME}"
    ${EndIf}
    ${NSD_SetText} $FolderField "$0"
  ${EndIf}
FunctionEnd

Function LeaveOptions
  ${NSD_GetState} $AutostartBox $WantAutostart
  ${NSD_GetState} $ServiceBox $WantService
  ${NSD_GetText} $FolderField $INSTDIR
  Call FolderProblem
  Pop $0
  ${If} $0 == ""
    Call CheckSpace
    Pop $0
  ${EndIf}
  ${If} $0 != ""
    MessageBox MB_OK|MB_ICONEXCLAMATION "$0"
    Abort ; back to the page
  ${EndIf}
FunctionEnd
