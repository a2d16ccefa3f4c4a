using MagicFolder.Model.Paths;

namespace MagicFolder.State;

/// <summary>One thing that happened, for people. Ids ascend and are never used twice; the time is milliseconds since the epoch.</summary>
public sealed record ActivityRow(long Id, long TimeMs, RelativePath? Path, string Kind, string Text);
