using MagicFolder.FileSystem.Disks;
using MagicFolder.Grid;
using MagicFolder.Model;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Versions;
using MagicFolder.Sync.Applying;
using MagicFolder.Sync.History;
using MagicFolder.Tahoe;
using MagicFolder.Sync.Scanning;

namespace MagicFolder.Sync.Restoring;

/// <summary>Writes former versions into another directory. Nothing that exists there is touched, and a file has its name only when it is complete.</summary>
public sealed class OutsideRestorer(HistoryReader reader, string participant, IDisk target, IRandomSource random)
{
    private const int OwnerOnly = 0b110_000_000;
    private const int OwnerMay = 0b111_000_000;
    private const int DefaultDirectoryMode = 0b111_101_101;

    private readonly List<Problem> _problems = [];
    private readonly List<(RelativePath Path, EntryValue Value)> _directories = [];
    private readonly HashSet<RelativePath> _written = [];

    /// <exception cref="RefusedException">There is no such version, nothing of that path in it, or something of that name in the directory.</exception>
    /// <exception cref="GridException">The storage cannot be reached; what was written by then stays.</exception>
    /// <exception cref="DiskException">The directory cannot be written to.</exception>
    public async Task<RestoreResult> RestoreAsync(RestoreRequest request, CancellationToken cancel)
    {
        var former = await FormerTree.OpenAsync(reader, request, participant, cancel);
        var items = former.Items(request.Path);
        RefuseWhatExists(items, request.Path);
        foreach (var item in items)
        {
            cancel.ThrowIfCancellationRequested();
            await WriteAsync(item, Below(item.Path, request.Path), cancel);
        }
        FinishDirectories();
        target.Flush([.. _written.Select(path => path.Parent).Concat(_written).Distinct()]);
        return new RestoreResult(former.Snapshot, _written.Count, 0, [.. _problems]);
    }

    private void RefuseWhatExists(IReadOnlyList<FormerItem> items, RelativePath path)
    {
        foreach (var top in items.Select(item => Top(Below(item.Path, path))).Distinct())
            if (target.Stat(top) is not null) throw new RefusedException($"{top} is in that directory already, and nothing is overwritten; give another directory.");
    }

    private async ValueTask WriteAsync(FormerItem item, RelativePath path, CancellationToken cancel)
    {
        try
        {
            EnsureParent(path);
            switch (item.Value.Kind)
            {
                case EntryKind.Directory:
                    target.CreateDirectory(path, item.Value.Mode | OwnerMay);
                    _directories.Add((path, item.Value));
                    break;
                case EntryKind.Symlink:
                    target.CreateSymlink(path, System.Text.Encoding.UTF8.GetBytes(item.Value.LinkTarget!));
                    target.SetAttributes(path, item.Value.MtimeNs, mode: null);
                    break;
                default:
                    await WriteFileAsync(item.Value, path, cancel);
                    break;
            }
            _written.Add(path);
        }
        catch (DiskException e)
        {
            _problems.Add(e.ToProblem());
        }
        catch (Exception e) when (e is DamagedBytesException or GridException { IsPermanent: true })
        {
            _problems.Add(FormerContents.Unavailable(item.Path, e));
        }
    }

    private async ValueTask WriteFileAsync(EntryValue value, RelativePath path, CancellationToken cancel)
    {
        var unfinished = path.Parent.Child(UnfinishedName());
        bool isMoved = false;
        try
        {
            using (var file = target.CreateFile(unfinished, OwnerOnly))
            {
                if (value.Size > 0)
                {
                    await reader.Contents.ReadAsync(
                        value.Content, value.Size,
                        (offset, bytes, _) =>
                        {
                            file.Write(offset, bytes.Span);
                            return ValueTask.CompletedTask;
                        },
                        cancel);
                }
            }
            target.TrySetAttributes(unfinished, mtimeNs: null, value.DiskMode);
            target.SetAttributes(unfinished, value.MtimeNs, mode: null);
            target.Move(unfinished, path, MoveKind.NoReplace);
            isMoved = true;
        }
        finally
        {
            if (!isMoved && target.StatOrNull(unfinished) is not null) target.Remove(unfinished);
        }
    }

    private void EnsureParent(RelativePath path)
    {
        var parent = path.Parent;
        if (parent.IsRoot || target.Stat(parent) is not null) return;
        EnsureParent(parent);
        target.CreateDirectory(parent, DefaultDirectoryMode);
    }

    /// <summary>Last, for what is written into a directory changes its mtime, and a directory without the right to write cannot be filled.</summary>
    private void FinishDirectories()
    {
        for (int i = _directories.Count - 1; i >= 0; i--)
        {
            var (path, value) = _directories[i];
            try
            {
                target.TrySetAttributes(path, mtimeNs: null, value.DiskMode);
                target.SetAttributes(path, value.MtimeNs, mode: null);
            }
            catch (DiskException e)
            {
                _problems.Add(e.ToProblem());
            }
        }
    }

    private string UnfinishedName()
    {
        Span<byte> bits = stackalloc byte[10];
        random.Fill(bits);
        return $".magic-folder-restoring-{Convert.ToHexStringLower(bits)}";
    }

    /// <summary>The place in the target: from the last name of what is restored on; for the root, the whole path.</summary>
    private static RelativePath Below(RelativePath path, RelativePath restored)
    {
        var above = restored.Parent;
        return above.IsRoot ? path : RelativePath.FromTrustedKey(path.Key[(above.Key.Length + 1)..].ToArray());
    }

    private static RelativePath Top(RelativePath path)
    {
        while (!path.Parent.IsRoot) path = path.Parent;
        return path;
    }
}
