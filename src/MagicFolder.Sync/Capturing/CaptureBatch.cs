using System.Collections.Immutable;
using MagicFolder.Model.Materialized;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Tree;
using MagicFolder.Model.Versions;
using MagicFolder.State;

namespace MagicFolder.Sync.Capturing;

/// <summary>
/// The versions that are being made, with what is recorded of them: one transaction, which commits only after the packs with their content are durable on the grid. A record never promises content that
/// exists nowhere else.
/// </summary>
internal sealed class CaptureBatch(EngineParts parts, EngineTools tools) : IDisposable
{
    private readonly ParticipantDatabase _state = parts.State;
    private readonly Dictionary<RelativePath, Entry?> _edits = [];
    private readonly HashSet<RelativePath> _recorded = [];
    private StateTransaction? _transaction;
    private Dmt _tree = null!;

    /// <summary>The one of all versions that are made now: they belong to the next snapshot.</summary>
    internal Dot Dot { get; private set; }

    /// <summary>Paths whose versions changed since the last commit.</summary>
    internal int Count => _edits.Count;

    /// <summary>To be called before anything is made, or the state is changed.</summary>
    internal void Open()
    {
        if (_transaction is not null) return;
        _transaction = _state.Begin();
        _tree = tools.OpenTree();
        Dot = new Dot(tools.Identity.Actor, tools.NextSeq());
    }

    internal Entry? EntryOf(RelativePath path) => _edits.TryGetValue(path, out var edited) ? edited : _tree.Find(path);

    /// <summary>In the tree, whether it has come to this disk yet or not.</summary>
    internal bool HasDescendants(RelativePath directory) => _tree.HasDescendants(directory);

    internal ImmutableArray<Dot> InFront(MaterializedRecord record) => LocalChange.InFront(EntryOf(record.Path), record.Dots, record.Value, Dot.Actor);

    internal void Edit(RelativePath path, Entry? entry) => _edits[path] = entry;

    internal void Edit(RelativePath path, IReadOnlyCollection<Dot> had, EntryValue? value) => Edit(path, LocalChange.Apply(EntryOf(path), had, Dot, value));

    /// <summary>What the user's programs did there may still be in memory alone: it is flushed before what is recorded of it commits.</summary>
    internal void Rely(RelativePath path) => _recorded.Add(path);

    internal void Log(RelativePath path, string kind, string text) => _state.Activity.Append(tools.NowMs(), path, kind, text);

    /// <returns>False when there was nothing to commit.</returns>
    internal async Task<bool> CommitAsync(CancellationToken cancel)
    {
        if (_transaction is null) return false;
        await tools.Packs.FlushAsync(cancel);
        // Were it recorded and then lost with the power, it would look like a deletion, and go everywhere.
        if (_recorded.Count > 0) parts.Disk.Flush(_recorded);
        if (_edits.Count > 0)
        {
            var tree = _tree.With(_edits.OrderBy(edit => edit.Key).Select(edit => new DmtEdit(edit.Key, edit.Value)));
            _state.Versions.Write(_state.Versions.Read()!.Edited(tree.Root));
        }
        _transaction.Commit();
        _transaction.Dispose();
        _transaction = null;
        _edits.Clear();
        _recorded.Clear();
        return true;
    }

    public void Dispose() => _transaction?.Dispose();
}
