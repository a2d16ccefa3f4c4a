using System.Collections.Immutable;
using MagicFolder.FileSystem.Disks;
using MagicFolder.Model.Materialized;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Versions;
using MagicFolder.State;
using MagicFolder.Sync.Planning;
using MagicFolder.Sync.Scanning;

namespace MagicFolder.Sync.Applying;

/// <summary>Makes directories at once, without staging: an empty directory under its own name is no half thing.</summary>
internal sealed class DirectorySteps(MaterializeContext context)
{
    private readonly ParticipantDatabase _state = context.Parts.State;
    private readonly List<(RelativePath Path, long MtimeNs)> _newDirectories = [];
    private readonly HashSet<RelativePath> _open = [];

    /// <summary>A directory that stands only because of what is in it.</summary>
    internal static EntryValue ImpliedValue { get; } = EntryValue.Directory(0, 0b111_101_101);

    /// <summary>Is there a directory for a staged thing, or will there be when the steps before it in this batch have been taken?</summary>
    internal bool WillHaveParent(RelativePath path) => EnsureParent(path) || context.Batch.MakesDirectory(path.Parent);

    /// <summary>Makes the directories on the way where they are missing; they stand only because of what is in them. False when something is in the way.</summary>
    private bool EnsureParent(RelativePath path)
    {
        var parent = path.Parent;
        if (_open.Contains(parent)) return true;
        switch (WayPlan.Look(parent, context))
        {
            case Way.Open:
                FlushWithTheWay(parent);
                _open.Add(parent);
                return true;
            case Way.Blocked:
                return false;
            case Way.Removed:
                context.LookAgain(parent);
                return false;
        }
        if (!EnsureParent(parent)) return false;
        CreateImplied(new PathWork(parent));
        if (context.Tree.Find(parent) is not null) _state.Pending.Add(parent);
        return context.StatOrNull(parent) is { Kind: DiskKind.Directory };
    }

    /// <summary>A directory that is there without being recorded was made by a user, or by a run that failed: nobody has flushed its name.</summary>
    internal void FlushWithTheWay(RelativePath directory)
    {
        for (; !directory.IsRoot && context.RecordAt(directory) is null; directory = directory.Parent) context.Batch.Touch(directory.Parent);
    }

    /// <summary>Which directories are there counts for one batch; one that is removed before a step of it is taken makes that step fail.</summary>
    internal void BatchIsDone() => _open.Clear();

    internal void CreateImplied(PathWork work) => Create(work, ImpliedValue, []);

    internal void Create(PathWork work, EntryValue value, ImmutableArray<Dot> dots)
    {
        if (!EnsureParent(work.Path))
        {
            // Something that is no directory is in the way, and may become one in a later pass.
            context.LookAgain(work);
            return;
        }
        try
        {
            // Writable for its owner, and it stays so: what comes to it later has to be put there as well, and the bits of a directory are no version.
            context.Parts.Disk.CreateDirectory(work.Path, value.DiskMode);
        }
        catch (DiskException e) when (e.Fault == DiskFault.Exists)
        {
            context.LookAgain(work);
            return;
        }
        context.NoteMade(work.Path);
        var stat = context.Parts.Disk.Stat(work.Path) ?? throw new DiskException(DiskFault.NotFound, work.Path, "It vanished while it was made.");
        context.Batch.Update(new MaterializedRecord(work.Path, dots, value, stat.ToSignature(), Implied: dots.IsEmpty));
        context.Batch.Touch(work.Path.Parent);
        context.Batch.Touch(work.Path);
        if (!dots.IsEmpty) RestoreTimeLater(work.Path, value.MtimeNs);
    }

    // RACE: another directory that takes the name between this look and the setting gets the mtime and bits; its content is not touched.
    private bool IsStill(MaterializedRecord record) =>
        context.StatOrNull(record.Path) is { Kind: DiskKind.Directory } stat && stat.Inode == record.Signature.Inode && stat.Device == record.Signature.Device;

    internal void RestoreTimeLater(RelativePath path, long mtimeNs) => _newDirectories.Add((path, mtimeNs));

    /// <summary>Filling a directory changes its mtime, so it gets the one of its version when all is done.</summary>
    internal void RestoreTimes()
    {
        foreach (var (path, mtimeNs) in _newDirectories)
        {
            try
            {
                if (_state.Records.Find(path) is { Value.Kind: EntryKind.Directory } record && IsStill(record))
                    context.Parts.Disk.SetDirectoryAttributes(path, mtimeNs, record.Value.DiskMode);
            }
            catch (DiskException)
            {
                // The mtime of a directory is no content; if the directory is gone or refuses, it keeps the one it has.
            }
        }
        _newDirectories.Clear();
    }
}
