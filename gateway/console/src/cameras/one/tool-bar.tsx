/** What is being drawn, and what becomes of it. */
import { useCameraTexts } from '../texts/index.ts';
import type { Tool } from './picture.tsx';

interface Props {
  readonly tool: Tool;
  readonly changed: boolean;
  readonly canUndo: boolean;
  readonly canSave: boolean;
  readonly onTool: (tool: Tool) => void;
  readonly onMask: () => void;
  /** Null: no corner is chosen. */
  readonly onRemoveCorner: (() => void) | null;
  readonly onAsBox: (field: 'road' | 'minBoxHeight') => void;
  readonly onUndo: () => void;
  readonly onDiscard: () => void;
  readonly onSave: () => void;
}

const TOOLS = ['road', 'mask', 'box'] as const;

export function ToolBar(props: Props) {
  const { tool, changed, canUndo, canSave } = props;
  const { onTool, onMask, onRemoveCorner, onAsBox, onUndo, onDiscard, onSave } = props;
  const texts = useCameraTexts();
  return (
    <>
      <div class="bar tools" role="toolbar" aria-label={texts.draw}>
        {TOOLS.map((name) => (
          <button
            key={name}
            type="button"
            aria-pressed={tool === name}
            onClick={() => onTool(tool === name ? null : name)}
          >
            {texts.tools[name]}
          </button>
        ))}
        {tool === 'mask' ? (
          <button type="button" onClick={onMask}>
            {texts.addMask}
          </button>
        ) : null}
        {tool === 'road' || tool === 'mask' ? (
          <button type="button" disabled={onRemoveCorner === null} onClick={() => onRemoveCorner?.()}>
            {texts.removeCorner}
          </button>
        ) : null}
        {tool === 'road' || tool === 'box' ? (
          <button
            type="button"
            class="quiet"
            onClick={() => {
              onAsBox(tool === 'road' ? 'road' : 'minBoxHeight');
              onTool(null);
            }}
          >
            {texts.asBox}
          </button>
        ) : null}
        <span class="gap" />
        {changed ? <span class="hint">{texts.unsaved}</span> : null}
        <button type="button" disabled={!canUndo} onClick={onUndo}>
          {texts.undo}
        </button>
        <button type="button" disabled={!changed} onClick={onDiscard}>
          {texts.discard}
        </button>
        <button type="button" class="primary" disabled={!canSave} onClick={onSave}>
          {texts.save}
        </button>
      </div>
      {tool === null ? null : <p class="hint">{texts.toolHints[tool]}</p>}
    </>
  );
}
