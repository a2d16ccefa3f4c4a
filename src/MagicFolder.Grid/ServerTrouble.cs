namespace MagicFolder.Grid;

/// <summary>A server that could not do its part.</summary>
/// <param name="Server">Its name.</param>
/// <param name="Error">What it said.</param>
public sealed record ServerTrouble(string Server, GridException Error)
{
    /// <summary>The name, and what is wrong there; the message of a directory begins with its path already.</summary>
    public override string ToString() =>
        Error.Message.Contains(Server, StringComparison.Ordinal) ? Error.Message.TrimEnd('.') : $"{Server}: {Error.Message.TrimEnd('.')}";

    /// <summary>Servers that fail, as a sentence to be appended to another; empty without any.</summary>
    internal static string Sentence(IReadOnlyCollection<ServerTrouble> troubles) =>
        troubles.Count == 0 ? "" : $" Servers that fail: {string.Join("; ", troubles)}.";

    /// <summary>
    /// The kind of a failure that several servers have caused: theirs when they agree; otherwise something that may pass when one of them may.
    /// </summary>
    internal static GridFailure Common(IReadOnlyCollection<ServerTrouble> troubles)
    {
        var kinds = troubles.Select(trouble => trouble.Error.Failure).Distinct().ToArray();
        return kinds.Length == 1 ? kinds[0]
            : kinds.Length == 0 || troubles.Any(trouble => !trouble.Error.IsPermanent) ? GridFailure.Unavailable
            : kinds[0];
    }
}
