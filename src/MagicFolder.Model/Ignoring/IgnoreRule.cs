namespace MagicFolder.Model.Ignoring;

/// <summary>A pattern with where it stands, so that people can be told which one it was.</summary>
/// <param name="Source">The file, or the defaults.</param>
/// <param name="Line">From 1.</param>
/// <param name="Text">As it was written.</param>
/// <param name="IsFault">It makes no sense, and has no effect.</param>
public sealed record IgnoreRule(IgnoreSource Source, int Line, string Text, bool IsFault)
{
    internal IgnorePattern? Pattern { get; init; }

    public override string ToString() => $"'{Text}' ({Source switch { IgnoreSource.Shared => ".magicignore", IgnoreSource.Local => ".magic-folder/ignore", _ => "the defaults" }}, line {Line})";
}

/// <summary>From where a rule is. What comes later is stronger.</summary>
public enum IgnoreSource
{
    /// <summary>What editors and systems leave behind (<see cref="IgnoreDefaults"/>).</summary>
    Defaults,

    /// <summary>The file that all participants share.</summary>
    Shared,

    /// <summary>The file of this computer.</summary>
    Local,
}
