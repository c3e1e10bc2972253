/** Storyboards: all of them, or the one of the address. */
import { useRoute } from '../../state/route';
import { BoardPage } from './BoardPage';
import { List } from './List';
import './timeline.css';
import './storyboard.css';

export default function Storyboard() {
  const { id } = useRoute();
  return id ? <BoardPage key={id} id={id} /> : <List />;
}
