namespace MagicFolder.State;

/// <summary>Rules of what to ignore, as they were written.</summary>
/// <param name="Defaults">Those of the program.</param>
/// <param name="Shared">Of the file that all participants share; empty when there is none.</param>
/// <param name="Local">Of the file of this computer; empty when there is none.</param>
public sealed record IgnoreTexts(ReadOnlyMemory<byte> Defaults, ReadOnlyMemory<byte> Shared, ReadOnlyMemory<byte> Local)
{
    public bool SaysTheSameAs(IgnoreTexts other) =>
        Defaults.Span.SequenceEqual(other.Defaults.Span) && Shared.Span.SequenceEqual(other.Shared.Span) && Local.Span.SequenceEqual(other.Local.Span);
}
