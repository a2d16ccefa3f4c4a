namespace MagicFolder.Sync.Folders;

/// <summary>
/// How long until a participant that had to stop is opened anew. Where that cannot be opened, trying again costs next to nothing, and soon shows that a drive is back; where all was opened and looked at and
/// it stopped once more, ever later.
/// </summary>
internal sealed class RetryPause
{
    internal static readonly TimeSpan Least = TimeSpan.FromSeconds(5);
    internal static readonly TimeSpan Most = TimeSpan.FromMinutes(2);

    private TimeSpan _next = Least;
    private bool _isOpened;

    internal void Opened() => _isOpened = true;

    internal void WentWell() => _next = Least;

    /// <summary>After it had to stop.</summary>
    internal TimeSpan Next()
    {
        if (!_isOpened) return Least;
        _isOpened = false;
        var pause = _next;
        _next = _next * 2 < Most ? _next * 2 : Most;
        return pause;
    }
}
