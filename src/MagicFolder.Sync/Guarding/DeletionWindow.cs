using MagicFolder.Model.Planning;

namespace MagicFolder.Sync.Guarding;

/// <summary>
/// What "at once" means to the deletion guard: deletions trickle in while a tree is being removed, so those of the last half minute count together, whatever is done to the clock meanwhile.
/// </summary>
internal sealed class DeletionWindow(TimeProvider time)
{
    private static readonly TimeSpan Width = TimeSpan.FromSeconds(30);
    private readonly Queue<(long At, long Count)> _recent = new();

    internal bool Holds(long vanished, long total)
    {
        long recent = 0;
        while (_recent.TryPeek(out var oldest) && time.GetElapsedTime(oldest.At) > Width) _recent.Dequeue();
        foreach (var (_, count) in _recent) recent += count;
        return vanished > 0 && DeletionGuard.Holds(recent + vanished, recent + total);
    }

    internal void Note(long deleted)
    {
        if (deleted > 0) _recent.Enqueue((time.GetTimestamp(), deleted));
    }
}
