namespace MagicFolder.Sync;

/// <summary>
/// Something that this state database did not write stands in the participant's own Personal: the computer was cloned, or its state is an old copy. Nothing is merged by luck.
/// </summary>
public sealed class SecondWriterException(string petname)
    : Exception($"Another computer publishes as {petname}, or the state here is an older copy: stopped before anything was overwritten. "
        + "If this directory should go on, start it with a new state (its files are joined, none is lost).")
{
    public string Petname { get; } = petname;
}
