using MagicFolder.Grid;
using MagicFolder.Model.Blobs;

namespace MagicFolder.Snapshots.Contents;

/// <summary>An opened pack from which several read at the same time; closed when all of them have released it. Safe for concurrent use.</summary>
internal sealed class SharedPack(PackRef pack, IImmutableFile file)
{
    private int _users = 1;

    public PackRef Pack { get; } = pack;

    public IImmutableFile File { get; } = file;

    /// <summary>By one who has it.</summary>
    public SharedPack Share()
    {
        Interlocked.Increment(ref _users);
        return this;
    }

    public ValueTask ReleaseAsync() => Interlocked.Decrement(ref _users) == 0 ? File.DisposeAsync() : ValueTask.CompletedTask;
}
