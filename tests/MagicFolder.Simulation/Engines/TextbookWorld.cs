using MagicFolder.FileSystem.Disks;
using MagicFolder.Model.Paths;
using MagicFolder.Simulation.Disks;
using MagicFolder.Simulation.Oracles;
using MagicFolder.Simulation.Runs;

namespace MagicFolder.Simulation.Engines;

/// <summary>
/// The version rules of docs/promises.md in their plainest form, for files and symlinks only: whole maps as heads, no crashes within a step. It shows that the
/// oracle is content with an engine that keeps the rules, and, with a flaw, that it is not with one that does not.
/// </summary>
internal sealed class TextbookWorld(TextbookFlaw flaw) : ISimulatedWorld
{
    private readonly Dictionary<int, State> _states = [];
    private readonly Dictionary<int, Head> _heads = [];
    private readonly Dictionary<string, (DiskKind Kind, byte[] Bytes, int Mode)> _contents = new(StringComparer.Ordinal);

    public ISimulatedEngine Start(SimulatedComputer computer, SimulatedProcess process) => new Engine(this, computer, process);

    public void LoseState(SimulatedComputer computer) => throw new NotSupportedException("The textbook engine keeps its state.");

    public void BeginTurn()
    {
        // There is no trouble but the disk's.
    }

    public Func<string, IReadOnlyCollection<FormerValue>>? HistoryOf(SimulatedComputer computer) => null;

    public string? Missing() => null;

    public void Quieten()
    {
        // There is no trouble but the disk's.
    }

    public void Dispose()
    {
        // Nothing outlives the run.
    }

    private sealed record Head(long Seq, SortedDictionary<string, SortedDictionary<(long, int), string>> Map, Dictionary<int, long> Context);

    private sealed class State
    {
        public SortedDictionary<string, SortedDictionary<(long Seq, int Actor), string>> Map { get; set; } = new(StringComparer.Ordinal);

        public Dictionary<int, long> Context { get; } = [];

        public Dictionary<string, (List<(long, int)> Dots, string Value)> Records { get; } = new(StringComparer.Ordinal);

        public Dictionary<string, (string Main, List<(long, int)> Dots, string Value)> Conflicts { get; } = new(StringComparer.Ordinal);

        public long Seq { get; set; }
    }

    private sealed class Engine(TextbookWorld world, SimulatedComputer computer, SimulatedProcess process) : ISimulatedEngine
    {
        private readonly State _state = world._states.TryGetValue(computer.Index, out var known) ? known : world._states[computer.Index] = new State();
        private bool _changed;

        private TextbookFlaw Flaw => world.Flaw;

        public RoundOutcome Collect() => throw new NotSupportedException("The textbook engine frees nothing.");

        public RoundOutcome RunRound()
        {
            _changed = _state.Seq == 0;
            process.Step("join");
            foreach (var (writer, head) in world._heads)
                if (writer != computer.Index) Join(writer, head);
            process.Step("capture");
            var captured = Capture();
            process.Step("materialize");
            var conflicts = _state.Conflicts.Values.Select(c => c.Main);
            foreach (string path in _state.Map.Keys.Union(_state.Records.Keys, StringComparer.Ordinal).Union(conflicts, StringComparer.Ordinal).ToList())
            {
                process.Step("materialize " + path);
                if (Flaw == TextbookFlaw.RemoveBlindly || SameAs(captured, path)) Materialize(path);
            }
            process.Step("publish");
            if (_changed) Publish();
            return new RoundOutcome(_changed, Well: true);
        }

        public void Dispose()
        {
            // The state stays with the world.
        }

        private static bool Covers(Dictionary<int, long> context, (long Seq, int Actor) dot) => dot.Seq <= context.GetValueOrDefault(dot.Actor);

        private bool SameAs(SortedDictionary<string, string> captured, string path)
        {
            // Nothing may have changed since the capture, neither the path nor its conflict files: else it is for the next round.
            var now = Visible();
            bool IsHere(KeyValuePair<string, string> seen) => VisibleTree.Logical(seen.Key) == VisibleTree.Logical(path);
            return captured.Where(IsHere).SequenceEqual(now.Where(IsHere));
        }

        private SortedDictionary<string, string> Visible()
        {
            var view = VisibleTree.Read(computer.Folder.Root);
            foreach (var (path, inode) in VisibleTree.Walk(computer.Folder.Root))
                world._contents[view[path]] = (inode.Kind, inode.Kind == DiskKind.Symlink ? inode.Target : inode.Content, inode.Mode);
            return view;
        }

        private void Join(int writer, Head head)
        {
            computer.Oracle.HeadRead(computer.Index, writer, head.Seq);
            var context = Flaw == TextbookFlaw.IgnoreContext ? [] : _state.Context;
            foreach (string path in _state.Map.Keys.Union(head.Map.Keys, StringComparer.Ordinal).ToList())
            {
                var mine = _state.Map.GetValueOrDefault(path) ?? [];
                var theirs = head.Map.GetValueOrDefault(path) ?? [];
                var joined = new SortedDictionary<(long, int), string>();
                foreach (var (dot, value) in mine)
                    if (theirs.ContainsKey(dot) || !Covers(head.Context, dot)) joined[dot] = value;
                foreach (var (dot, value) in theirs)
                    if (mine.ContainsKey(dot) || !Covers(context, dot)) joined[dot] = value;
                if (Flaw == TextbookFlaw.LastWriterWins && joined.Count > 1) joined = new() { [joined.Last().Key] = joined.Last().Value };
                _changed |= !joined.SequenceEqual(mine);
                SetEntry(path, joined);
            }
            foreach (var (actor, seq) in head.Context)
            {
                if (seq <= _state.Context.GetValueOrDefault(actor)) continue;
                _state.Context[actor] = seq;
            }
        }

        private void SetEntry(string path, SortedDictionary<(long, int), string> entry)
        {
            if (entry.Count == 0) _state.Map.Remove(path);
            else _state.Map[path] = entry;
        }

        private SortedDictionary<string, string> Capture()
        {
            var view = Visible();
            foreach (var (file, conflict) in _state.Conflicts.ToList())
            {
                if (view.ContainsKey(file)) continue;
                _state.Conflicts.Remove(file);
                // What stands in place is decided for, and made anew.
                if (view.ContainsKey(conflict.Main) && _state.Records.TryGetValue(conflict.Main, out var kept))
                {
                    Change(conflict.Main, [.. conflict.Dots, .. kept.Dots], kept.Value);
                    _state.Records[conflict.Main] = ([(_state.Seq + 1, computer.Index)], kept.Value);
                }
                else
                {
                    Change(conflict.Main, conflict.Dots, null);
                }
            }
            foreach (string path in view.Keys.Union(_state.Records.Keys, StringComparer.Ordinal).ToList())
            {
                if (_state.Conflicts.ContainsKey(path)) continue;
                string? value = view.GetValueOrDefault(path);
                var (dots, had) = _state.Records.TryGetValue(path, out var record) ? record : ([], null!);
                if (string.Equals(value, had, StringComparison.Ordinal)) continue;
                Change(path, dots, value);
                if (value is null) _state.Records.Remove(path);
                else _state.Records[path] = ([(_state.Seq + 1, computer.Index)], value);
            }
            return view;
        }

        private void Change(string path, List<(long, int)> dots, string? value)
        {
            var entry = new SortedDictionary<(long, int), string>(_state.Map.GetValueOrDefault(path) ?? []);
            if (Flaw == TextbookFlaw.RemoveDotsByPath) entry.Clear();
            foreach (var dot in dots) entry.Remove(dot);
            if (value is not null) entry[(_state.Seq + 1, computer.Index)] = value;
            SetEntry(path, entry);
            _changed = true;
        }

        private void Materialize(string path)
        {
            var entry = _state.Map.GetValueOrDefault(path) ?? [];
            var view = Visible();
            string? here = view.GetValueOrDefault(path);
            string? main = entry.Count == 0 ? null : here is not null && entry.ContainsValue(here) ? here : entry.Last().Value;
            if (!string.Equals(main, here, StringComparison.Ordinal)) Put(path, main);
            var extended = Flaw == TextbookFlaw.ExtendRecordBlindly ? [.. entry.Keys] : DotsOf(entry, main);
            if (main is null) _state.Records.Remove(path);
            else _state.Records[path] = (extended, main);

            foreach (var (file, conflict) in _state.Conflicts.Where(c => c.Value.Main == path).ToList())
            {
                if (view[file] != conflict.Value || !entry.ContainsValue(conflict.Value) || conflict.Value == main)
                {
                    if (entry.ContainsValue(conflict.Value) && conflict.Value != main) continue;
                    _state.Conflicts.Remove(file);
                    if (view[file] == conflict.Value) Put(file, null);
                }
                else
                    _state.Conflicts[file] = (path, DotsOf(entry, conflict.Value), conflict.Value);
            }
            if (Flaw == TextbookFlaw.HideConflicts) return;
            foreach (string value in entry.Values.Distinct(StringComparer.Ordinal).ToList())
            {
                if (value == main || _state.Conflicts.Any(c => c.Value.Main == path && c.Value.Value == value)) continue;
                string file = FreeName(path);
                Put(file, value);
                _state.Conflicts[file] = (path, DotsOf(entry, value), value);
            }
        }

        private string FreeName(string path)
        {
            string extension = Path.GetExtension(path), stem = path[..^extension.Length];
            for (int i = 1; ; i++)
            {
                string name = $"{stem}.conflict-{computer.Petname}{(i == 1 ? "" : "-" + i)}{extension}";
                if (!Visible().ContainsKey(name) && !_state.Records.ContainsKey(name) && !_state.Map.ContainsKey(name)) return name;
            }
        }

        private static List<(long, int)> DotsOf(SortedDictionary<(long, int), string> entry, string? value) =>
            [.. entry.Where(x => x.Value == value).Select(x => x.Key)];

        private void Put(string path, string? value)
        {
            _changed = true;
            var place = RelativePath.Parse(path);
            if (computer.Folder.Find(place) is not null) computer.Folder.Remove(place);
            if (value is not null)
            {
                var (kind, bytes, mode) = world._contents[value];
                if (kind == DiskKind.Symlink) computer.Folder.CreateSymlink(place, bytes);
                else
                {
                    using var file = computer.Folder.Create(place, mode);
                    if (Flaw == TextbookFlaw.WriteInPlace)
                    {
                        file.Write(0, bytes.AsSpan(0, bytes.Length / 2));
                        computer.Oracle.DiskChanged(computer.Index, new DiskCall("Write", place, null, Changes: true));
                    }
                    file.Write(0, bytes);
                }
            }
            computer.Trace($"    {computer.Petname} puts {path} = {value ?? "(nothing)"}");
            computer.Oracle.DiskChanged(computer.Index, new DiskCall("Put", place, null, Changes: true));
        }

        private void Publish()
        {
            _state.Seq++;
            _state.Context[computer.Index] = _state.Seq;
            var map = new SortedDictionary<string, SortedDictionary<(long, int), string>>(_state.Map, StringComparer.Ordinal);
            world._heads[computer.Index] = new Head(_state.Seq, map, new Dictionary<int, long>(_state.Context));
            computer.Oracle.HeadWritten(computer.Index, _state.Seq);
        }
    }

    private TextbookFlaw Flaw => flaw;
}
