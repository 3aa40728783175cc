import type { crashPoint, crashPointAfterFlush } from './crash-point';

interface CrashPoints {
  readonly crashPoint: typeof crashPoint;
  readonly crashPointAfterFlush: typeof crashPointAfterFlush;
}

/** The module as a process with this setting has it. */
function withSetting(setting: string): CrashPoints {
  process.env['MCP_CRASH_POINT'] = setting;
  try {
    let loaded: CrashPoints | undefined;
    jest.isolateModules(() => {
      loaded = jest.requireActual<CrashPoints>('./crash-point');
    });
    if (!loaded) throw new Error('The module was not loaded');
    return loaded;
  } finally {
    delete process.env['MCP_CRASH_POINT'];
  }
}

describe('crashPoint', () => {
  const kill = jest.spyOn(process, 'kill').mockReturnValue(true);
  afterEach(() => kill.mockClear());
  afterAll(() => kill.mockRestore());

  it('does nothing without the variable', () => {
    const { crashPoint } = withSetting('');
    crashPoint('agent.before-ack');
    expect(kill).not.toHaveBeenCalled();
  });

  it('kills the process at its point, as kill -9 does', () => {
    const { crashPoint } = withSetting('agent.before-ack');
    crashPoint('agent.before-publish');
    expect(kill).not.toHaveBeenCalled();
    crashPoint('agent.before-ack');
    expect(kill.mock.calls).toEqual([[process.pid, 'SIGKILL']]);
  });

  it('counts passes', () => {
    const { crashPoint } = withSetting('agent.before-ack:3');
    crashPoint('agent.before-ack');
    crashPoint('agent.before-ack');
    expect(kill).not.toHaveBeenCalled();
    crashPoint('agent.before-ack');
    crashPoint('agent.before-ack');
    expect(kill).toHaveBeenCalledTimes(1);
  });

  it('lets leave what was written before', async () => {
    const { crashPointAfterFlush } = withSetting('agent.after-publish');
    crashPointAfterFlush('agent.after-publish');
    expect(kill).not.toHaveBeenCalled();
    for (let turn = 0; turn < 3; turn += 1) await new Promise((next) => setImmediate(next));
    expect(kill).toHaveBeenCalledTimes(1);
  });
});
