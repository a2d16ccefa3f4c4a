namespace MagicFolder.Tahoe.Capabilities;

/// <summary>
/// Caps found where authority is limited: the slots of directories. A prefix <c>ro.</c> or <c>imm.</c> alleges what the cap is; known caps are held
/// to it and lose the prefix, unknown ones keep it (tahoe-capabilities, section 5).
/// </summary>
public static class AllegedCap
{
    private const string ReadOnlyPrefix = "ro.";
    private const string ImmutablePrefix = "imm.";

    /// <summary>Never fails: what cannot be used is an <see cref="UnknownCap"/> with its fault.</summary>
    /// <param name="text">With or without prefix.</param>
    /// <param name="deepImmutable">The cap was found in an immutable directory.</param>
    public static Cap Parse(string text, bool deepImmutable = false)
    {
        ArgumentNullException.ThrowIfNull(text);
        var bare = text;
        var mustBeImmutable = deepImmutable;
        var mustBeReadOnly = deepImmutable;
        if (text.StartsWith(ImmutablePrefix, StringComparison.Ordinal))
        {
            (bare, mustBeImmutable, mustBeReadOnly) = (text[ImmutablePrefix.Length..], true, true);
        }
        else if (text.StartsWith(ReadOnlyPrefix, StringComparison.Ordinal))
        {
            (bare, mustBeReadOnly) = (text[ReadOnlyPrefix.Length..], true);
        }

        return CapGrammar.Parse(bare) switch
        {
            null => new UnknownCap(text, CapFault.Malformed),
            UnknownCap => new UnknownCap(text),
            { IsMutable: true } when mustBeImmutable => new UnknownCap(text, CapFault.MustBeDeepImmutable),
            { IsReadOnly: false } when mustBeReadOnly => new UnknownCap(text, CapFault.MustBeReadOnly),
            var known => known,
        };
    }
}
