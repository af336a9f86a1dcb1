/** Buttons of fields that have any number of rows. */
import { Plus, Trash2 } from 'lucide-react';
import { Button, IconButton } from '../parts/button.js';
import forms from './form.module.css';
import { useAdminTexts } from './context.js';

export function AddRow({ onClick }: { readonly onClick: () => void }) {
  const say = useAdminTexts();
  return (
    <Button kind="plain" className={forms['edge']} onClick={onClick}>
      <Plus size={16} strokeWidth={1.75} aria-hidden />
      {say('row.add')}
    </Button>
  );
}

export function RemoveRow({ onClick }: { readonly onClick: () => void }) {
  const say = useAdminTexts();
  return (
    <IconButton label={say('row.remove')} onClick={onClick}>
      <Trash2 size={16} strokeWidth={1.75} aria-hidden />
    </IconButton>
  );
}
